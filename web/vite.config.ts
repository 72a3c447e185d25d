import { defineConfig } from "vite";

// Preact's JSX needs no plug-in: the compiler of Vite turns it into calls as tsconfig.json says.
export default defineConfig({
	base: "./",
	build: { outDir: "../src/convivo/lab/page", emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
});
