// What stands in the place of a picture and its controls until they are there, so that nothing jumps.

interface WaitingProps {
	/** What is waited for, in words: "The net is asked …". */
	readonly text: string;
}

export function Waiting({ text }: WaitingProps) {
	return (
		<div class="waiting">
			<p class="waiting-picture" role="status">
				{text}
			</p>
			<div class="waiting-controls" aria-hidden="true">
				<span />
				<span />
				<span />
				<span />
			</div>
		</div>
	);
}
