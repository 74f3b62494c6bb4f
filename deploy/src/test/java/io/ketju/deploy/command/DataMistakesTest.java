package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data with arguments that cannot be read: one line, exit code 2. DIR is a folder with some files. */
class DataMistakesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock = """
                    pairs('DIR/one.txt')                        | DIR/one.txt, line 1: expected two texts with a tab between them, found 1 text
                    pairs('DIR/one.txt', second='DIR/two.tsv')  | DIR/two.tsv: expected 1 line as DIR/one.txt has, found 4
                    pairs('DIR/none.txt')                       | text 'DIR/none.txt': expected one of dickens or a path of a file, found no embedded text and no file of that name
                    pairs(verses, test=0)                       | pairs: argument 'test': expected a share between 0 and 1, or a whole number of lines, found 0
                    pairs(verses, test=2.5)                     | pairs: argument 'test': expected a share between 0 and 1, or a whole number of lines, found 2.5
                    pairs(verses, test=6000)                    | verses: expected lines to learn from and 6000 to test with, found 5254 lines
                    pairs(verses, min_count=100000)             | expected a token that the vocabulary has, found none of
                    lines('DIR/same.tsv', test=1)               | DIR/same.tsv: expected at least 2 classes, behind the tabs, found only 'x'
                    text('DIR/empty.txt')                       | DIR/empty.txt: expected a text, found an empty file
                    text('DIR')                                 | DIR: expected a text file, found a folder
                    images('DIR/none')                          | DIR/none: cannot be read: no such file or folder
                    images('DIR/pictures')                      | DIR/pictures!a/1.png: expected a PNG, JPEG, BMP or GIF image, found another kind of file
                    images('DIR/pictures', channels=2)          | images: argument 'channels': expected 1 or 3, found '2'
                    images('DIR/pictures', size=0)              | images: argument 'size': expected 1 to 1024, found 0
                    augment(iris)                               | expected images of classes to vary, found iris/train
                    augment(digits, size=9)                     | argument 'size': expected at most 8, the size of the images with their padding, found 9
                    augment(digits, area=2)                     | augment: argument 'area': expected a share above 0 to 1, found 2
                    graph(karate, known=(1, 35))                | embedded karate/nodes.tsv: expected the node '35', whose class is to be known, found no such node
                    graph('DIR/edges.txt')                      | missing argument 'nodes'
                    graph('DIR/edges.txt', nodes='DIR/nodes.txt') | DIR/edges.txt, line 2: expected an edge between nodes of the table, found '9', which is none of the 2
                    graph('DIR/pictures')                       | DIR/pictures: expected one file *.content, found 0
                    """)
    void isOneLine(String data, String line) throws IOException {
        write("one.txt", "only one\n");
        write("two.tsv", "a\tx\nb\ty\nc\tx\nd\ty\n");
        write("same.tsv", "a\tx\nb\tx\nc\tx\nd\tx\n");
        write("empty.txt", "");
        write("edges.txt", "1 2\n2 9\n");
        write("nodes.txt", "1 a\n2 b\n");
        Files.createDirectories(folder.resolve("pictures/a"));
        write("pictures/a/1.png", "no image");
        String dir = folder.toString();
        InProcess refused = InProcess.run("train", "--data", data.replace("DIR", dir), "--no-save");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().strip())
                .startsWith("ketju train: --data: ")
                .contains(line.replace("DIR", dir))
                .doesNotContain("\n");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
