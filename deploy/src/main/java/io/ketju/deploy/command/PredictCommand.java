package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.TextContinuation;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.image.ImageFile;
import io.ketju.data.image.Inversion;
import io.ketju.data.image.Normalization;
import io.ketju.data.image.PreparedImage;
import io.ketju.data.table.TableEncoding;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.TextFile;
import io.ketju.deploy.display.PredictionLines;
import io.ketju.deploy.display.Terminal;
import io.ketju.tensor.Excerpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju predict}: what a saved run sees in image files, or in the rows of a table, or how it goes on with a text. */
@Command(
        name = "predict",
        description = "Show what a saved run says of images or of the rows of a table, or how it goes on with a text.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju predict runs/fashion-lenet-1 shirt.png",
            "  ketju predict runs/mnist-1 --top 1 *.png",
            "  ketju predict runs/penguins-1 rows.csv",
            "  ketju predict runs/char-lstm-1 --length 300 --temperature 0.7 start.txt",
            "",
            "Images are made grey, resized to what the model takes, and inverted if their border is bright."
        })
final class PredictCommand implements Callable<Integer> {
    /** What is to be judged, as the model takes it. */
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Sample(String title, float[] values) {}

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "PNG, JPEG, BMP or GIF files; of a run on a table CSV files with the same columns;"
                    + " of a language model text files to go on from.")
    private List<Path> files = List.of();

    @Option(names = "--top", paramLabel = "N", defaultValue = "3", description = "Classes to show; 3 by default.")
    private String top = "3";

    @Option(
            names = "--invert",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never: whether to take the negative; auto looks at the border.")
    private String invert = "auto";

    @Mixin
    private final WeightsOptions weights = new WeightsOptions();

    @Mixin
    private final ContinuationOptions continuation = new ContinuationOptions();

    PredictCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int classes = top();
        Inversion inversion = inversion();
        UsableRun usable = UsableRun.open(run);
        Optional<TextEncoding> text = usable.inputs().text();
        if (text.isPresent()) {
            return goOn(usable, text.get());
        }
        // All files are read before the first is shown: a bad one is bad input, not half an answer.
        List<Sample> samples = new ArrayList<>();
        for (Path file : files) {
            samples.addAll(usable.inputs()
                    .table()
                    .map(table -> rows(file, table))
                    .orElseGet(() -> List.of(image(file, usable, inversion))));
        }
        try (TrainedModel model = usable.model(weights, terminal)) {
            List<String> names = usable.inputs().classNames();
            for (Sample sample : samples) {
                float[] values = model.predict(sample.values());
                terminal.print(
                        switch (model.prediction().kind()) {
                            case CLASS_PROBABILITIES ->
                                PredictionLines.of(sample.title(), values, names, classes, terminal.unicode());
                            case LABEL_PROBABILITIES ->
                                PredictionLines.of(sample.title(), values, names, values.length, terminal.unicode());
                            case OUTPUTS -> PredictionLines.outputs(sample.title(), values, names);
                        });
            }
        }
        return CommandLineInterface.OK;
    }

    private int goOn(UsableRun usable, TextEncoding encoding) {
        TextContinuation.Draw draw = continuation.draw();
        int length = continuation.length();
        List<String> texts = files.stream().map(TextFile::read).toList();
        try (TrainedModel model = usable.model(weights, terminal)) {
            TextContinuation text = new TextContinuation(model, encoding);
            for (int i = 0; i < texts.size(); i++) {
                terminal.print(List.of(files.get(i) + ":"));
                terminal.print((texts.get(i) + text.after(texts.get(i), length, draw))
                        .lines()
                        .toList());
            }
        }
        return CommandLineInterface.OK;
    }

    /** One sample by one: {@code rows.csv, row 3}, without the heading. */
    private static List<Sample> rows(Path file, TableEncoding table) {
        List<float[]> inputs = table.read(file);
        return IntStream.range(0, inputs.size())
                .mapToObj(row -> new Sample(file + ", row " + (row + 1), inputs.get(row)))
                .toList();
    }

    private Sample image(Path file, UsableRun usable, Inversion inversion) {
        Normalization normalization = usable.inputs()
                .normalization()
                .orElseThrow(() -> new InvalidJobException(run
                        + ": expected a run on images or on a table, found one on inputs "
                        + usable.inputs().shape()));
        PreparedImage image = ImageFile.read(file, usable.inputs().shape(), normalization, inversion);
        return new Sample(file + note(image), image.values());
    }

    private static String note(PreparedImage image) {
        return image.note().isEmpty() ? "" : " (" + image.note() + ")";
    }

    private int top() {
        if (!top.matches("\\d{1,6}") || Integer.parseInt(top) < 1) {
            throw new InvalidJobException(
                    "--top: expected a whole number, 1 or more, found \"" + Excerpt.of(top) + "\"");
        }
        return Integer.parseInt(top);
    }

    private Inversion inversion() {
        return switch (invert) {
            case "auto" -> Inversion.AUTO;
            case "always" -> Inversion.ALWAYS;
            case "never" -> Inversion.NEVER;
            default ->
                throw new InvalidJobException(
                        "--invert: expected auto, always or never, found \"" + Excerpt.of(invert) + "\"");
        };
    }
}
