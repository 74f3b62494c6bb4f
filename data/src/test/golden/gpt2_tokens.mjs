// What Hugging Face's tokenizers make of some texts by the files that gpt2_tokens.py wrote: see there.
import { readFileSync, writeFileSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";

const folder = new URL("../resources/gpt2/", import.meta.url);
const vocab = JSON.parse(readFileSync(new URL("vocab.json", folder), "utf8"));
const lines = readFileSync(new URL("merges.txt", folder), "utf8").split("\n").slice(1).filter((line) => line !== "");
const tokenizer = new Tokenizer(
  {
    version: "1.0",
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: "", end_of_word_suffix: "", fuse_unk: false, vocab, merges: lines },
  },
  { add_bos_token: false, model_max_length: 1024 },
);
const texts = [
  "the cat sat on the mat.",
  "Nothing isn't there, they'll think; we're 42 others  and   three spaces ",
  "line one\n\n  line two\tand a tab\r\n",
  "über naïve café — “quoted” 漢字 🙂 𝒳",
  "123abc456 3.14e-5 a_b-c'd 'tis I'D",
  " leading",
  "thethethe ththththe aaaaaaa",
  "\u00a0no-break\u2003em",
  "",
];
writeFileSync(new URL("tokens.txt", folder), texts.map((text) => JSON.stringify(text) + "\t" + tokenizer.encode(text, { add_special_tokens: false }).ids.join(" ") + "\n").join(""));
