package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
