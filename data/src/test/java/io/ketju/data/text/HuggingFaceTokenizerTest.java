package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written, field by field; {@code deploy/src/test/python/load_tokenizer.py} has Hugging Face's library read it. */
class HuggingFaceTokenizerTest {
    @TempDir
    private Path folder;

    private String written(TextEncoding encoding) throws IOException {
        List<Path> files = HuggingFaceTokenizer.write(folder, encoding, 12);
        assertThat(files).containsExactly(folder.resolve("tokenizer.json"), folder.resolve("tokenizer_config.json"));
        assertThat(compact(files.getLast()))
                .isEqualTo("{'tokenizer_class':'PreTrainedTokenizerFast','pad_token':'<PAD>','bos_token':'<BOS>',"
                        + "'eos_token':'<EOS>','unk_token':'<NUL>','clean_up_tokenization_spaces':false,"
                        + "'model_max_length':12}");
        return compact(files.getFirst());
    }

    private static String compact(Path file) throws IOException {
        return Files.readString(file)
                .replaceAll("\\s*\\R\\s*", "")
                .replace(" : ", ":")
                .replace(", ", ",")
                .replace('"', '\'');
    }

    @Test
    void charactersAreABytePairEncodingWithoutMerges() throws IOException {
        assertThat(written(new TextEncoding(new CharacterTokenizer(), new Vocabulary(List.of("a", "b")))))
                .startsWith(
                        "{'version':'1.0','truncation':null,'padding':null,'added_tokens':[ {'id':0,'content':'<PAD>',")
                .endsWith("'normalizer':null,'pre_tokenizer':null,'decoder':{'type':'Fuse'},'model':{'type':'BPE',"
                        + "'unk_token':'<NUL>','vocab':{'<PAD>':0,'<BOS>':1,'<EOS>':2,'<NUL>':3,'a':4,'b':5},"
                        + "'merges':[ ]},'post_processor':null}");
    }

    @Test
    void wordsAreWhatTheirPatternFinds() throws IOException {
        assertThat(written(new TextEncoding(new WordTokenizer(true), new Vocabulary(List.of("the")))))
                .contains("'normalizer':{'type':'Lowercase'},'pre_tokenizer':{'type':'Split','pattern':{'Regex':")
                .contains("'behavior':'Removed','invert':true},'decoder':null,'model':{'type':'WordLevel',");
    }

    @Test
    void piecesHaveTheirMerges() throws IOException {
        BytePairTokenizer pieces = new BytePairTokenizer(List.of(new BytePairTokenizer.Merge(" ", "t")));
        assertThat(written(new TextEncoding(pieces, new Vocabulary(List.of(" ", "t", " t")))))
                .contains("'behavior':'Isolated','invert':false},'decoder':{'type':'Fuse'},'model':{'type':'BPE',")
                .contains("' ':4,'t':5,' t':6},'merges':[ [ ' ','t' ] ]}");
    }

    @Test
    void aPieceWithoutANumberIsNamed() {
        BytePairTokenizer pieces = new BytePairTokenizer(List.of(new BytePairTokenizer.Merge(" ", "t")));
        assertThat(HuggingFaceTokenizer.missing(new TextEncoding(pieces, new Vocabulary(List.of(" ", " t")))))
                .hasValueSatisfying(why -> assertThat(why).startsWith("'t' is a part of merges"));
        assertThat(HuggingFaceTokenizer.missing(new TextEncoding(pieces, new Vocabulary(List.of(" ", "t", " t")))))
                .isEmpty();
    }

    @Test
    void whatWasWrittenIsReadAgain() throws IOException {
        String text = "The stages, and the \"stage\\ before\" them: the cat's stages.\n\tÄste 漢字 🙂 the stages ";
        for (Tokenizer tokenizer : List.of(
                new CharacterTokenizer(),
                new WordTokenizer(true),
                new WordTokenizer(false),
                BytePairTokenizer.learn(text, 4))) {
            TextEncoding encoding = TextEncoding.of(tokenizer, text + "h e t s", 1);
            assertThat(HuggingFaceTokenizer.missing(encoding)).isEmpty();
            HuggingFaceTokenizer.write(folder, encoding, 12);
            TextEncoding read = HuggingFaceTokenizer.read(folder);
            assertThat(read).isEqualTo(encoding);
            assertThat(read.encode(text + "?")).containsExactly(encoding.encode(text + "?"));
            assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage(folder.resolve("tokenizer.json")
                            + switch (tokenizer) {
                                case CharacterTokenizer characters ->
                                    ": pre_tokenizer.type: expected ByteLevel, found none";
                                case WordTokenizer words -> ": model.type: expected BPE, found WordLevel";
                                case BytePairTokenizer pieces ->
                                    ": pre_tokenizer.type: expected ByteLevel, found Split";
                                case ByteLevelBpe bytes -> throw new AssertionError("not among them");
                            });
        }
    }

    @Test
    void othersAreRefused() throws IOException {
        assertThatThrownBy(() -> HuggingFaceTokenizer.read(Path.of("src", "test", "resources", "tokenizer")))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith("tokenizer.json: pre_tokenizer.type: expected Split, found ByteLevel");
        HuggingFaceTokenizer.write(
                folder, new TextEncoding(new WordTokenizer(true), new Vocabulary(List.of("the", "of"))), 12);
        Path file = folder.resolve("tokenizer.json");
        String whole = Files.readString(file);
        Map.of(
                        "\"the\" : 4", "\"the\" : 6", //
                        "\"<BOS>\" : 1", "\"<bos>\" : 1", //
                        "\"content\" : \"<EOS>\"", "\"content\" : \"</s>\"", //
                        "\"Removed\"", "\"Isolated\"", //
                        "\"Lowercase\"", "\"NFC\"")
                .forEach((written, other) -> {
                    assertThat(whole).contains(written);
                    write(file, whole.replace(written, other));
                    assertThatThrownBy(() -> HuggingFaceTokenizer.read(folder))
                            .as(other)
                            .isInstanceOf(BadDataException.class)
                            .hasMessageContaining("expected ");
                });
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
