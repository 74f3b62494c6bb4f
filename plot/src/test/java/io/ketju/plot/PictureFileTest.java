package io.ketju.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of picture, in both formats: the size that it says, something on it, and the same bytes again. */
class PictureFileTest {
    @TempDir
    Path folder;

    static Stream<Arguments> pictures() {
        double[] x = {1, 2, 3, 4};
        double[] y = {0.5, 0.25, Double.NaN, 0.125};
        return Stream.<Arguments>of(
                picture(
                        "curves",
                        () -> new Chart("loss", "epoch", "loss")
                                .line("train", x, y)
                                .reference("bound", x, new double[] {0.2, 0.2, 0.2, 0.2})
                                .points("test", x, y)),
                picture(
                        "logarithmic",
                        () -> new Chart("loss", "step", "loss")
                                .logarithmicX()
                                .logarithmicY()
                                .line("all", x, new double[] {1, 0, 1e-3, 1e-6})),
                picture("plane", PictureFileTest::plane),
                picture(
                        "surface",
                        () -> new Plane("valley", new Axis(-2, 2), new Axis(-1, 3))
                                .heights((a, b) -> a * a + 10 * b * b)
                                .axes("x", "y")
                                .path("SGD", 1, new double[] {-1, 0, 5, 1}, new double[] {0, 1, 1, 2})),
                picture(
                        "confusion",
                        () -> HeatMap.confusion(
                                "told", List.of("cat", "a dog with a long name"), new long[][] {{9, 1}, {0, 12}})),
                picture(
                        "large map",
                        () -> HeatMap.of("map", HeatMap.numbers(40), HeatMap.numbers(60), new double[40][60])),
                picture(
                        "images",
                        () -> new ImageGrid("digits", 2, 2, 9, 2)
                                .grey("one", new float[] {0, 1, 2, 3}, 0, 3)
                                .signed("two", new float[] {0, -1, 2, 3})
                                .signed("three", new float[4])),
                picture(
                        "graph",
                        () -> new GraphPicture(
                                "path",
                                List.of("1", "2", "3"),
                                new int[] {0, 1, 1},
                                List.of(new int[] {0, 1}, new int[] {1, 2}))),
                picture("flow", PictureFileTest::flow),
                picture(
                        "words",
                        () -> new WordMap("words")
                                .words(0, List.of("two", "three"), new double[] {0, 1}, new double[] {0, 2})
                                .words(1, List.of("hand"), new double[] {-1}, new double[] {0.5})),
                picture("one word", () -> new WordMap("one").words(2, List.of("a"), new double[1], new double[1])),
                picture(
                        "path of nothing",
                        () -> new Plane("empty", new Axis(0, 1), new Axis(0, 1))
                                .path("none", 1, new double[0], new double[0])),
                picture("side by side", () -> new SideBySide(List.of(plane(), plane(), plane()), 2)));
    }

    /** One node that is read twice, and an end. */
    private static FlowPicture flow() {
        return new FlowPicture(
                "f = x y + x",
                List.of("y", "x", "*", "+", ""),
                List.of(
                        new FlowPicture.Wire(0, 2, "2", "3"),
                        new FlowPicture.Wire(1, 2, "3", "2"),
                        new FlowPicture.Wire(1, 3, "3", "1"),
                        new FlowPicture.Wire(2, 3, "6", "1"),
                        new FlowPicture.Wire(3, 4, "9", "1")));
    }

    private static Plane plane() {
        Plane plane = new Plane("regions", new Axis(0, 1), new Axis(0, 1));
        double[] shares =
                Stream.of(plane.places()).mapToDouble(place -> place[0]).toArray();
        return plane.probability(shares).points("a", 0, new double[] {0.1, 7}, new double[] {0.2, 7});
    }

    private static Arguments picture(String name, Supplier<Picture> made) {
        return Arguments.of(name, made);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pictures")
    void pngHasTheSizeAndTheSameBytesAgain(String name, Supplier<Picture> made) throws IOException {
        Path first = folder.resolve("first.png");
        PictureFile.write(first, made.get());
        BufferedImage image = ImageIO.read(first.toFile());
        assertThat(List.of(image.getWidth(), image.getHeight()))
                .containsExactly(made.get().width(), made.get().height());
        assertThat(colours(image)).as(name).isGreaterThan(3);
        Path second = folder.resolve("second.png");
        PictureFile.write(second, made.get());
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pictures")
    void svgIsXmlWithTheSameBytesAgain(String name, Supplier<Picture> made) throws Exception {
        Path first = folder.resolve("first.SVG");
        PictureFile.write(first, made.get());
        DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
        parsers.setFeature(
                "http://apache.org/xml/features/nonvalidating/load-external-dtd", false); // a page of the W3C
        var root = parsers.newDocumentBuilder().parse(first.toFile()).getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("svg");
        assertThat(root.getAttribute("width"))
                .isEqualTo(Integer.toString(made.get().width()));
        // XChart draws letters as outlines.
        assertThat(root.getElementsByTagName("text").getLength()
                        + root.getElementsByTagName("path").getLength())
                .as(name)
                .isPositive();
        Path second = folder.resolve("second.svg");
        PictureFile.write(second, made.get());
        assertThat(second).hasSameBinaryContentAs(first);
    }

    /** Names are not cut off at an edge: upright they need height, in a legend width. */
    @Test
    void namesHaveRoom() {
        List<String> rows = List.of("a");
        HeatMap narrow = HeatMap.of("m", rows, List.of("cat", "dog"), new double[1][2]);
        HeatMap upright = HeatMap.of("m", rows, List.of("cat", "nightingale"), new double[1][2]);
        assertThat(upright.width()).isEqualTo(narrow.width());
        assertThat(upright.height()).isGreaterThan(narrow.height() + 40);
        Plane plane = plane();
        int width = plane.width();
        int height = plane.height();
        plane.path("LBFGS(history_size=1)", 1, new double[1], new double[1]).axes("x", "");
        assertThat(plane.width()).isGreaterThan(width + 10);
        assertThat(plane.height()).isGreaterThan(height);
    }

    @Test
    void textDoesNotDependOnTheLocale() throws IOException {
        Locale before = Locale.getDefault();
        Path english = folder.resolve("english.svg");
        Path german = folder.resolve("german.svg");
        Supplier<Picture> chart = () ->
                new Chart("loss", "step", "loss").line("a", new double[] {0.1, 0.25, 0.5}, new double[] {1, 1.5, 2});
        try {
            Locale.setDefault(Locale.ENGLISH);
            PictureFile.write(english, chart.get());
            Locale.setDefault(Locale.GERMAN);
            PictureFile.write(german, chart.get());
        } finally {
            Locale.setDefault(before);
        }
        assertThat(german).hasSameBinaryContentAs(english);
    }

    @Test
    void otherNamesAndFoldersThatAreNotThereAreOneLine() {
        Picture picture = plane();
        assertThatThrownBy(() -> PictureFile.write(folder.resolve("a.jpg"), picture))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.jpg: expected a name that ends with .png or .svg");
        assertThatThrownBy(() -> PictureFile.write(folder.resolve("no/a.svg"), picture))
                .isInstanceOf(PictureException.class)
                .hasMessageContaining("a.svg: the picture cannot be written");
        assertThat(Files.exists(folder.resolve("a.jpg"))).isFalse();
    }

    @Test
    void numbersThatDoNotFitTogetherAreRefused() {
        assertThatThrownBy(() -> new Chart("c", "x", "y").line("a", new double[2], new double[3]))
                .hasMessage("a: expected as many x as y, found 2 and 3");
        assertThatThrownBy(() -> new Axis(1, 1)).hasMessageContaining("expected low < high");
        assertThatThrownBy(() -> plane().regions(new int[3])).hasMessageContaining("found 3");
        assertThatThrownBy(() -> new ImageGrid("g", 2, 2, 1, 1).signed("a", new float[3]))
                .hasMessage("g: expected 2 x 2 pixels, found 3 values");
        assertThatThrownBy(() -> new WordMap("w").words(0, List.of("a"), new double[2], new double[1]))
                .hasMessage("w: expected x and y of each of 1 words, found 2 and 1");
        assertThatThrownBy(() -> new WordMap("w").words(0, List.of("a"), new double[] {Double.NaN}, new double[1]))
                .hasMessage("w: expected a finite place of 'a', found NaN, 0.0");
        assertThatThrownBy(() -> new FlowPicture("f", List.of("a", "b"), List.of(new FlowPicture.Wire(1, 1, "", ""))))
                .hasMessage("f: expected wires from one of 2 nodes to a later one, found 1 to 1");
        assertThatThrownBy(() -> HeatMap.of("m", List.of("a"), List.of("b"), new double[2][1]))
                .hasMessageContaining("a name for each row and column");
    }

    private static long colours(BufferedImage image) {
        return java.util.Arrays.stream(
                        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
    }

    @Test
    void wordsAtOnePlaceAreDrawnThere() {
        WordMap map = new WordMap("one").words(2, List.of("a", "b"), new double[] {3, 3}, new double[] {-1, -1});
        BufferedImage image = new BufferedImage(map.width(), map.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        map.paint(graphics);
        graphics.dispose();
        int left = 2 * 16; // two margins
        int bottom = 34 + 480 - 16; // the title, the square, and a margin
        assertThat(new Color(image.getRGB(left, bottom))).isEqualTo(Colours.ofClass(2));
    }
}
