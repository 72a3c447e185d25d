// Large numbers, with a comma after every third figure.

export function said(value: number): string {
	return value.toLocaleString("en");
}
