package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data with arguments that cannot be read: one line, exit code 2. DIR is a folder with some files. */
class DataMistakesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    pairs('DIR/one.txt')                        | DIR/one.txt, line 1: expected two texts with a tab between them, found 1 text
                    pairs('DIR/one.txt', second='DIR/two.tsv')  | DIR/two.tsv: expected 1 line as DIR/one.txt has, found 4
                    pairs('DIR/none.txt')                       | text 'DIR/none.txt': expected one of dickens or a path of a file, found no embedded text and no file of that name
                    pairs(verses, test=0)                       | pairs: argument 'test': expected a share between 0 and 1, or a whole number of lines, found 0
                    pairs(verses, test=2.5)                     | pairs: argument 'test': expected a share between 0 and 1, or a whole number of lines, found 2.5
                    pairs(verses, test=6000)                    | verses: expected lines to learn from and 6000 to test with, found 5254 lines
                    pairs(verses, min_count=100000)             | expected a token that the vocabulary has, found none of
                    lines('DIR/same.tsv', test=1)               | DIR/same.tsv: expected at least 2 classes, behind the tabs, found only 'x'
                    pairs('DIR/gap.tsv')                        | DIR/gap.tsv, line 2: expected a text on each side, found an empty one
                    pairs('DIR/four.txt', second='DIR/hole.txt') | DIR/hole.txt, line 3: expected a text on each side, found an empty one
                    pairs('DIR/three.tsv')                      | DIR/three.tsv, line 1: expected two texts with a tab between them, found 3 texts
                    images('DIR/one-class')                     | DIR/one-class: expected 2 to 256 folders of images, one for each class, found only 'a'
                    images('DIR/nothing')                       | DIR/nothing: expected 2 to 256 folders of images, one for each class, found none
                    images('DIR/halves')                        | DIR/halves: expected at least 1 image of 'b' to learn from, found one in test alone
                    images('DIR/mixed')                         | DIR/mixed: expected all images in train or test, found b/1.png in neither of them
                    images('DIR/notes')                         | DIR/notes!a/notes.txt: expected PNG, JPEG, BMP or GIF images alone, found a file of another name
                    graph('DIR/edges.txt', nodes='DIR/twice.txt') | DIR/twice.txt: expected each node once, found '1' twice
                    graph('DIR/edges.txt', nodes='DIR/alone.txt') | DIR/alone.txt, line 1: expected a node and its class, found 1
                    graph('DIR/edges.txt', nodes='DIR/wide.txt') | DIR/wide.txt, line 2: expected 3 fields as in the first line, found 2
                    graph('DIR/empty.txt', nodes='DIR/nodes.txt') | DIR/empty.txt: expected a text, found an empty file
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
                    graph('DIR/papers.zip')                     | DIR/papers.zip: expected one file *.content, found 0
                    graph('DIR/one.zip')                        | DIR/one.zip: expected a whole .zip, found
                    images('DIR/one.zip')                       | DIR/one.zip: expected a whole .zip, found
                    images('DIR/one.tgz')                       | DIR/one.tgz, byte 0: expected gzip magic 1f8b, found
                    pairs('DIR/two.zip')                        | DIR/two.zip: expected an archive of one file, found several, b.txt among them
                    lines('DIR/one.txt.gz')                     | DIR/one.txt.gz, byte 0: expected gzip magic 1f8b, found
                    text('DIR/bytes.txt')                       | DIR/bytes.txt, byte 2: expected text in UTF-8, found other bytes
                    text(dickens, tokens=letters)               | unknown tokens 'letters'
                    table('DIR/gaps.csv')                       | missing argument 'targets'
                    table('DIR/gaps.csv', rent)                 | DIR/gaps.csv: expected a column 'rent', found the columns size, town, price
                    table('DIR/gaps.csv', price, features=(size, rooms)) | DIR/gaps.csv: expected a column 'rooms', found the columns size, town, price
                    table('DIR/gaps.csv', price, features=price) | table: expected every column once among targets and features, found [price] and [price]
                    table('DIR/gaps.csv', price)                | DIR/gaps.csv, line 3: expected a value of 'size', found nothing; fill it in or take the row out
                    table('DIR/gaps.csv', price, missing=guess) | table: argument 'missing': expected refuse or drop or fill, found 'guess'
                    table('DIR/gaps.csv', price, missing_words=x) | table: argument 'missing_words': expected missing=drop or missing=fill beside it, found refuse
                    table('DIR/gaps.csv', size, missing=fill)   | DIR/gaps.csv, line 3: expected a value of 'size', found nothing
                    table('DIR/gaps.csv', town, missing=fill, features=size, words=size, numbers=size) | table: expected 'size' among numbers or words, found it in both
                    table('DIR/gaps.csv', price, missing=fill, numbers=town) | DIR/gaps.csv, line 2: expected a number as 'town', which is declared to have numbers, found 'x'
                    table('DIR/gaps.csv', price, missing=fill, words=zip) | DIR/gaps.csv: expected a column 'zip', found the columns size, town, price
                    table('DIR/gaps.csv', price, scaling=log)   | table: argument 'scaling': expected standard or center or minmax or none, found 'log'
                    table('DIR/gaps.csv', price, test=1)        | table: argument 'test': expected a share between 0 and 1, found 1
                    table('DIR/gaps.csv', price, seed=-1)       | table: argument 'seed': expected 0 to 2147483647, found -1
                    table('DIR/gaps.csv', price, delimiter=dot) | table: argument 'delimiter': expected semicolon or comma or tab or bar or space, found 'dot'
                    table('DIR/gaps.csv', price, delimiter=tab) | DIR/gaps.csv: expected a column 'price', found the columns size,town,price
                    table('DIR/one.txt', price)                 | DIR/one.txt: expected a .csv or .tsv, or one of these with .gz, .zip or .tgz, for the columns that targets names, found another file
                    table('DIR/none.csv', price)                | DIR/none.csv: cannot be read: no such file or folder
                    table('DIR/row.csv', price, missing=drop)   | DIR/row.csv: expected at least 2 rows under the heading, found 1 without a missing value, of 2
                    table('DIR/gaps.csv', price, mising=drop)   | unknown argument 'mising'; did you mean 'missing'?
                    scale(iris, minmax)                         | expected images of classes to scale, found iris/train
                    scale(digits, log)                          | scale: argument 'scaling': expected standard or center or minmax or none, found 'log'
                    scale(digits)                               | missing argument 'scaling'
                    augment(scale(digits, none), size=0)        | augment: argument 'size': expected 1 to 1024, found 0
                    """)
    void isOneLine(String data, String line) throws IOException {
        write("one.txt", "only one\n");
        write("two.tsv", "a\tx\nb\ty\nc\tx\nd\ty\n");
        write("same.tsv", "a\tx\nb\tx\nc\tx\nd\tx\n");
        write("empty.txt", "");
        write("gaps.csv", "size,town,price\n1,x,2\n,y,3\n3,x,4\n4,y,5\n");
        write("row.csv", "size,price\n1,\n2,3\n");
        write("edges.txt", "1 2\n2 9\n");
        write("nodes.txt", "1 a\n2 b\n");
        Files.createDirectories(folder.resolve("pictures/a"));
        write("pictures/a/1.png", "no image");
        write("gap.tsv", "a\tx\n\ty\n");
        write("three.tsv", "a\tx\tz\n");
        write("four.txt", "a\nb\nc\nd\n");
        write("hole.txt", "a\nb\n \nd\n");
        write("twice.txt", "1 a\n1 b\n");
        write("alone.txt", "1\n2\n");
        write("wide.txt", "1 0.5 a\n2 b\n");
        write("one.zip", "no archive");
        write("one.tgz", "no archive");
        write("one.txt.gz", "not packed");
        Files.write(folder.resolve("bytes.txt"), new byte[] {'a', 'b', (byte) 0xFF});
        zip("two.zip", "a.txt", "b.txt");
        zip("papers.zip", "cora.cites");
        image("one-class/a/1.png");
        image("halves/train/a/1.png");
        image("halves/test/b/1.png");
        image("mixed/train/a/1.png");
        image("mixed/b/1.png");
        image("notes/a/1.png");
        write("notes/a/notes.txt", "no image");
        Files.createDirectories(folder.resolve("nothing"));
        String dir = folder.toString();
        InProcess refused = InProcess.run("train", "--data", data.replace("DIR", dir), "--no-save");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().strip())
                .startsWith("ketju train: --data: ")
                .contains(line.replace("DIR", dir))
                .doesNotContain("\n");
    }

    private void zip(String name, String... files) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            for (String file : files) {
                out.putNextEntry(new ZipEntry(file));
                out.write('a');
            }
        }
    }

    private void image(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
