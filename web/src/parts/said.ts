// Numbers as they are read.

/** A number in few digits: 1.2345 as 1.2345, 0.00012 as 1.2 × 10⁻⁴; what is below a billionth is rounding. */
export function small(value: number): string {
	if (value < 1e-9) return "0";
	if (value >= 1) return value.toFixed(2);
	if (value >= 0.001) return value.toFixed(4);
	const [digits = "", power = ""] = value.toExponential(1).split("e");
	return `${digits} × ${tenTo(Number(power))}`;
}

/** A power of ten. */
export function tenTo(power: number): string {
	return `10${[...String(Math.round(power))].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("")}`;
}

/** A whole number, its thousands apart. */
export function whole(value: number): string {
	return value.toLocaleString("en").replaceAll(",", " ");
}
