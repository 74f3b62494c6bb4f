package io.ketju.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** What a run leaves for whoever looks at it, by what stands in it. */
class RunReportTest {
    private static final int TEST_SAMPLES = 360;

    @TempDir
    static Path folder;

    private static Path traced;
    private static CommandLineRun training;

    @BeforeAll
    static void train() {
        traced = folder.resolve("traced");
        training = train(traced, "--trace");
    }

    private static CommandLineRun train(Path run, String... more) {
        List<String> arguments = new java.util.ArrayList<>(
                List.of("train", "--data", "digits", "--model", "mlp(64, 24, 10)", "--stages", "2", "--epochs", "3"));
        arguments.addAll(List.of("--run-dir", run.toString()));
        arguments.addAll(List.of(more));
        CommandLineRun ran = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        return ran;
    }

    @Test
    void theRunSaysWhereItIsAndThePageAsksNobody() {
        assertThat(training.out()).containsPattern("(?m)^  report +" + traced.resolve(RunReport.FILE_NAME) + "$");
        PageText page = PageText.read(traced.resolve(RunReport.FILE_NAME));
        assertThat(page.html())
                .contains("default-src 'none'")
                .doesNotContain("@import", "url(", "src=\"http", "href=\"http", "fetch(", "XMLHttpRequest");
        assertThat(page.all("img")).allSatisfy(image -> {
            assertThat(image.getAttribute("src")).startsWith("data:image/png;base64,");
            assertThat(image.getAttribute("alt")).isNotBlank();
        });
        assertThat(page.all("link")).isEmpty();
        assertThat(page.all("script")).isEmpty(); // but the one that the reader of this test leaves out
    }

    @Test
    void curvesHaveAllEpochsAndAllSteps() {
        PageText page = PageText.read(traced.resolve(RunReport.FILE_NAME));
        assertThat(page.texts("figcaption"))
                .contains("loss", "accuracy", "loss of steps", "samples per second of steps");
        Element loss = page.all("div", "plot").getFirst();
        assertThat(loss.getAttribute("data-lines")).matches("\\[(\\[(\\[[^\\[]*],?){3}],?){2}]");
        assertThat(loss.getAttribute("aria-label"))
                .startsWith("loss by epoch: train from ")
                .contains("test from ");
        assertThat(loss.getAttribute("tabindex")).isEqualTo("0");
    }

    /** Each epoch but the first is no better by this rule: each halves the rate, which no step of its own says. */
    @Test
    void aRateThatWatchesTheRunIsDrawnAsItWas() throws IOException {
        Path run = folder.resolve("plateau");
        String schedule = "ReduceLROnPlateau(factor=0.5, patience=0, threshold=0.9)";
        Path job = Files.writeString(
                folder.resolve("plateau.conf"),
                "learning-rate-schedule = \"" + schedule + "\"\n"
                        + "data = iris\nmodel { name = \"mlp(4, 8, 3)\" }\noptimizer = \"SGD(lr=0.125)\"\nbatch = 24\nepochs = 5\n");
        CommandLineRun ran = CommandLineRun.of("train", job + "", "--run-dir", run + "");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        PageText page = PageText.read(run.resolve(RunReport.FILE_NAME));
        Element chart = page.all("figure", "chart").stream()
                .filter(figure -> figure.getAttribute("id").equals("chart-learning-rate"))
                .findFirst()
                .orElseThrow();
        Element plot = (Element) chart.getElementsByTagName("div").item(0);
        assertThat(plot.getAttribute("aria-label"))
                .startsWith("learning rate by step: learning rate from 0.125 to 0.01563");
        assertThat(plot.getAttribute("data-lines"))
                .contains("\"10\",\"0.125\"", "\"11\",\"0.0625\"", "\"16\",\"0.03125\"");
    }

    @Test
    void aRateThatStaysIsNotDrawn() throws IOException {
        Path run = folder.resolve("constant");
        Path job = Files.writeString(
                folder.resolve("constant.conf"),
                "data = iris\nmodel { name = \"mlp(4, 8, 3)\" }\noptimizer = \"SGD(lr=0.1)\"\nbatch = 24\nepochs = 2\n");
        CommandLineRun ran = CommandLineRun.of("train", job + "", "--run-dir", run + "");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        PageText constant = PageText.read(run.resolve(RunReport.FILE_NAME));
        assertThat(constant.all("figure", "chart"))
                .isNotEmpty()
                .noneMatch(figure -> figure.getAttribute("id").equals("chart-learning-rate"));
    }

    @Test
    void samplesAreCountedAndTheWorstAreShown() {
        PageText page = PageText.read(traced.resolve(RunReport.FILE_NAME));
        Element table = page.all("table", "confusion").getFirst();
        long sum = 0;
        for (int i = 0; i < table.getElementsByTagName("td").getLength(); i++) {
            String text = table.getElementsByTagName("td").item(i).getTextContent();
            sum += text.contains("%") || text.equals("-") ? 0 : Long.parseLong(text);
        }
        assertThat(sum).isEqualTo(TEST_SAMPLES);
        assertThat(page.all("img")).hasSize(12 + 24); // the worst, and a picture for each row of the first layer
        assertThat(page.html()).contains("Of all 360 test samples", "What the first layer looks for");
    }

    @Test
    void thePipelineIsThereAsPlannedAndAsMeasured() {
        PageText page = PageText.read(traced.resolve(RunReport.FILE_NAME));
        assertThat(page.all("svg", "timeline")).hasSize(2);
        assertThat(page.texts("h3")).anyMatch(text -> text.startsWith("Planned: 1F1B, 2 stages"));
        assertThat(page.texts("caption"))
                .anyMatch(text -> text.startsWith("Where the time of "))
                .contains("What each stage holds, as planned");
        String hash = training.out().replaceFirst("(?s).*state +([0-9a-f]{16}).*", "$1");
        assertThat(page.texts("dd")).anyMatch(text -> text.startsWith(hash) && text.length() == 64);
        assertThat(page.texts("pre").getFirst()).contains("mlp(64, 24, 10)", "epochs = 3");
    }

    /** Nobody has to ask for it, and the bits are those of a run that nobody watched. */
    @Test
    void aRunThatWasNotTracedHasMeasuredStepsToo() throws IOException {
        Path run = folder.resolve("watched");
        train(run);
        assertThat(run.resolve("trace-0.csv")).doesNotExist();
        PageText page = PageText.read(run.resolve(RunReport.FILE_NAME));
        assertThat(page.all("svg", "timeline")).hasSize(2);
        Element measured = page.all("svg", "timeline").get(1);
        assertThat(measured.getElementsByTagName("title").item(0).getTextContent())
                .startsWith("Measured: ");
        List<String> blocks = texts(measured, "title");
        assertThat(blocks).anyMatch(text -> text.startsWith("0F0")).anyMatch(text -> text.startsWith("1B0"));
        assertThat(blocks).anyMatch(text -> text.contains("waited for activation from stage 0"));
        assertThat(page.texts("caption")) // one window, where ranks could not tell of the one behind it
                .anyMatch(text ->
                        text.matches("Where the time of (1 measured training window|2 measured training windows) went"))
                .contains("What ranks waited for longest");
        assertThat(page.texts("td")).contains("measured steps", "activation from stage 0");
        assertThat(Files.mismatch(run.resolve("model.safetensors"), traced.resolve("model.safetensors")))
                .isEqualTo(-1);
        requireMeasuredStepsLaterOn(run, measured);
    }

    /** What was measured is in the folder: a report that is made anew has the same steps, and so has a picture. */
    private static void requireMeasuredStepsLaterOn(Path run, Element measured) throws IOException {
        Files.delete(run.resolve(RunReport.FILE_NAME));
        assertThat(CommandLineRun.of("plot", run.toString(), "--report").exitCode())
                .isZero();
        Element again = PageText.read(run.resolve(RunReport.FILE_NAME))
                .all("svg", "timeline")
                .get(1);
        assertThat(texts(again, "title")).isEqualTo(texts(measured, "title"));
        assertThat(CommandLineRun.of("plot", run.toString()).out()).contains("steps.svg: Measured: ");
        assertThat(run.resolve("pictures/steps.svg")).content().contains("forward");
    }

    @Test
    void noReportIsLeftWhereNoneIsWanted() throws IOException {
        Path run = folder.resolve("without");
        CommandLineRun ran = train(run, "--no-report");
        assertThat(Files.mismatch(run.resolve("model.safetensors"), traced.resolve("model.safetensors")))
                .isEqualTo(-1);
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .noneMatch(name -> name.equals(RunReport.FILE_NAME) || name.startsWith("steps-"));
        }
        assertThat(ran.out()).doesNotContain("report");
    }

    @Test
    void aRunThatWasStoppedHasOneThatSaysSo() {
        TrainingJob job = Ketju.job()
                .model("mlp(64, 24, 10)")
                .data(DataSource.named("digits"))
                .epochs(50)
                .runDirectory(folder.resolve("stopped"))
                .build();
        TrainingListener stopping = TrainingListener.controlling((event, run) -> {
            if (event instanceof TrainingEvent.StepFinished) {
                run.stop("seen enough");
            }
        });
        try (Training started = Ketju.start(job, stopping)) {
            TrainingResult result = started.await();
            Path file = RunReport.write(job, folder.resolve("stopped"), result, started.model());
            assertThat(PageText.read(file).texts("p").getFirst())
                    .startsWith("Stopped after ")
                    .contains("steps: seen enough");
        }
    }

    @Test
    void whatComesFromDataIsText() throws IOException {
        StringBuilder rows = new StringBuilder("a,b,kind\n");
        for (int i = 0; i < 60; i++) {
            rows.append(i % 7).append(',').append(i % 5).append(i % 2 == 0 ? ",<script>x\n" : ",\"& \"\"y\"\"\"\n");
        }
        Path table = Files.writeString(folder.resolve("table.csv"), rows);
        Path run = folder.resolve("names");
        Path job = Files.writeString(
                folder.resolve("table.conf"), "data = \"" + table + "\"\ntargets = [kind]\nepochs = 1\n");
        CommandLineRun ran =
                CommandLineRun.of("train", job.toString(), "--model", "mlp(2, 4, 2)", "--run-dir", run.toString());
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        PageText page = PageText.read(run.resolve(RunReport.FILE_NAME));
        assertThat(page.texts("th")).contains("<script>x", "& \"y\"");
        assertThat(page.html()).doesNotContain("<script>x");
        assertThat(page.texts("caption")).contains("Samples, the worst first");
    }

    @Test
    void sentencesAreShownAsTheyAre() throws IOException {
        String lines = "good day\tglad\nbad luck\tsad\nvery good day\tglad\nvery bad luck\tsad\n".repeat(8);
        Path data = Files.writeString(folder.resolve("lines.tsv"), lines);
        Path run = folder.resolve("sentences");
        CommandLineRun ran = CommandLineRun.of(
                "train",
                "--data",
                "lines('" + data + "', test=4)",
                "--model",
                "text_cnn(9, 8, embedding=8, filters=4, classes=2, widths=(1, 2), dropout=0)",
                "--epochs",
                "2",
                "--run-dir",
                run.toString());
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        PageText page = PageText.read(run.resolve(RunReport.FILE_NAME));
        assertThat(page.texts("td")).anyMatch(text -> text.matches("(very )?(good day|bad luck)"));
        assertThat(page.texts("th")).contains("glad", "sad", "probability");
    }

    @Test
    void whatATranslationAttendsToIsShownWordByWord() throws IOException {
        String pairs = "good day\tguten tag\nbad luck\targes pech\nvery good day\tsehr guten tag\n".repeat(8);
        Path data = Files.writeString(folder.resolve("pairs.tsv"), pairs);
        Path run = folder.resolve("translation");
        CommandLineRun ran = CommandLineRun.of(
                "train",
                "--data",
                "pairs('" + data + "', tokens=words, test=3)",
                "--model",
                "transformer(source_vocabulary=9, target_vocabulary=9, longest=8, d_model=8, nhead=2, num_encoder_layers=1,"
                        + " num_decoder_layers=2, dim_feedforward=8)",
                "--epochs",
                "1",
                "--run-dir",
                run.toString());
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        PageText page = PageText.read(run.resolve(RunReport.FILE_NAME));
        List<Element> tables = page.all("table", "attention");
        assertThat(tables).hasSize(3); // the encoder, the last layer of the decoder, and its look at the encoder
        Element across = tables.getLast();
        assertThat(texts(across, "th")).containsSubsequence("", "good", "day", "<BOS>", "guten", "tag");
        assertThat(across.getElementsByTagName("td").getLength())
                .isEqualTo(3 * texts(across, "th").indexOf("<BOS>") - 3);
        assertThat(page.html()).contains("What decoder.layers.1.multihead_attn.attention attends to");
    }

    /** A recurrent decoder looks at its encoder, and a language model at what it has read. */
    @Test
    void decodersAndLanguageModelsShowWhatTheyAttendToAsWell() throws IOException {
        Path pairs =
                Files.writeString(folder.resolve("few.tsv"), "good day\tguten tag\nbad luck\targes pech\n".repeat(8));
        List<Element> recurrent = attention(
                "pairs('" + pairs + "', tokens=words, test=3)",
                "seq2seq(source_vocabulary=8, target_vocabulary=8, longest=8, embedding=4, hidden=4, cell=gru, attention=true)");
        assertThat(recurrent).hasSize(1);
        assertThat(texts(recurrent.getFirst(), "th")).containsSubsequence("", "<BOS>");
        Path text = Files.writeString(folder.resolve("text.txt"), "abcdefgh".repeat(60));
        List<Element> causal = attention(
                "text('" + text + "', tokens=characters, context=8)",
                "gpt(vocabulary=12, context=8, layers=2, heads=2, width=8)");
        assertThat(causal).hasSize(1);
        assertThat(causal.getFirst().getElementsByTagName("td").getLength()).isEqualTo(8 * 8);
    }

    private static List<Element> attention(String data, String model) throws IOException {
        Path run = Files.createTempDirectory(folder, "attends").resolve("run");
        CommandLineRun ran = CommandLineRun.of(
                "train", "--data", data, "--model", model, "--epochs", "1", "--run-dir", run.toString());
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        return PageText.read(run.resolve(RunReport.FILE_NAME)).all("table", "attention");
    }

    private static List<String> texts(Element element, String tag) {
        List<String> texts = new java.util.ArrayList<>();
        for (int i = 0; i < element.getElementsByTagName(tag).getLength(); i++) {
            texts.add(element.getElementsByTagName(tag).item(i).getTextContent());
        }
        return texts;
    }

    @Test
    void picturesAreFilesOfTheirOwn() throws IOException {
        Path pictures = folder.resolve("pictures");
        CommandLineRun ran =
                CommandLineRun.of("plot", traced.toString(), "--svg", "--png", "--out", pictures.toString());
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        for (String name : List.of("loss", "accuracy", "step-loss", "confusion", "worst", "filters", "plan", "steps")) {
            assertThat(ran.out()).contains(name + ".svg", name + ".png");
            assertThat(ImageIO.read(pictures.resolve(name + ".png").toFile()).getWidth())
                    .isGreaterThan(100);
            assertThat(pictures.resolve(name + ".svg")).content().contains("<svg");
        }
        assertThat(pictures.resolve("plan.svg")).content().contains("forward");
    }

    @Test
    void aReportCanBeMadeAnew() throws IOException {
        Path file = traced.resolve(RunReport.FILE_NAME);
        String before = PageText.read(file).texts("dd").getFirst();
        CommandLineRun ran = CommandLineRun.of("plot", traced.toString(), "--report");
        assertThat(ran.out()).isEqualTo("Wrote " + file + System.lineSeparator());
        assertThat(PageText.read(file).texts("dd").getFirst()).isEqualTo(before);
        CommandLineRun both = CommandLineRun.of("plot", traced.toString(), "--report", "--png");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err().strip())
                .isEqualTo("ketju plot: --report: expected no --svg, --png or --out beside it, found one");
    }
}
