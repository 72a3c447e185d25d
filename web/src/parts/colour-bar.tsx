// What the colours of a picture mean.

import { useLayoutEffect, useRef } from "preact/hooks";
import { type ColourMap, table } from "./colour-maps.ts";

export function ColourBar(props: { readonly map: ColourMap; readonly low: string; readonly high: string }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	useLayoutEffect(() => {
		const context = canvas.current?.getContext("2d");
		if (!context) return;
		const colours = table(props.map);
		const picture = context.createImageData(colours.length, 1);
		new Uint32Array(picture.data.buffer).set(colours);
		context.putImageData(picture, 0, 0);
	}, [props.map]);
	return (
		<div class="colour-bar">
			<span>{props.low}</span>
			<canvas
				ref={canvas}
				width={256}
				height={1}
				role="img"
				aria-label={`colours from ${props.low} to ${props.high}`}
			/>
			<span>{props.high}</span>
		</div>
	);
}
