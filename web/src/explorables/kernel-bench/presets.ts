// Kernels that one should have met, as 3 x 3.

const SIXTEENTHS = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);

export const SOBEL_X = [-1, 0, 1, -2, 0, 2, -1, 0, 1];

export const PRESETS: readonly (readonly [string, string, readonly number[]])[] = [
	["Identity", "leaves the image as it is", [0, 0, 0, 0, 1, 0, 0, 0, 0]],
	["Blur", "a small Gaussian: a mean in which the middle counts most", SIXTEENTHS],
	["Sobel x", "brighter to the right: answers to vertical edges", SOBEL_X],
	["Sobel y", "brighter below: answers to horizontal edges", [-1, -2, -1, 0, 0, 0, 1, 2, 1]],
	["Laplace", "darker or brighter than all around", [0, 1, 0, 1, -4, 1, 0, 1, 0]],
	["Sharpen", "the image less a part of its Laplace", [0, -1, 0, -1, 5, -1, 0, -1, 0]],
];
