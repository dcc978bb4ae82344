// Uploads one file with tus-js-client: node tus_client.mjs ENDPOINT TOKEN FILE CHUNK. Prints the upload's address.
import { readFileSync } from "node:fs";
import { Upload } from "tus-js-client";

const [endpoint, token, file, chunk] = process.argv.slice(2);
const upload = new Upload(readFileSync(file), {
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  chunkSize: Number(chunk) || Number.POSITIVE_INFINITY,
  metadata: { part: "original", filename: "náměstí.jpg" },
  retryDelays: Array(30).fill(50),
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
  onSuccess: () => console.log(upload.url),
});
upload.start();
