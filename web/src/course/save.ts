// A file of the page's own making, handed to the browser's downloads.

export function save(name: string, text: string, kind = "text/plain"): void {
	const address = URL.createObjectURL(new Blob([text], { type: kind }));
	const anchor = document.createElement("a");
	anchor.href = address;
	anchor.download = name;
	anchor.click();
	URL.revokeObjectURL(address);
}
