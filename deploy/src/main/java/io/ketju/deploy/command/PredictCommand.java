package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.image.ImageFile;
import io.ketju.data.image.Inversion;
import io.ketju.data.image.Normalization;
import io.ketju.data.image.PreparedImage;
import io.ketju.deploy.display.PredictionLines;
import io.ketju.deploy.display.Terminal;
import io.ketju.tensor.Excerpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju predict}: what a saved run sees in image files. */
@Command(
        name = "predict",
        description = "Show the most probable classes of images by a saved run.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju predict runs/fashion-lenet-1 shirt.png",
            "  ketju predict runs/mnist-1 --top 1 *.png",
            "",
            "Images are made grey, resized to what the model takes, and inverted if their border is bright."
        })
final class PredictCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "PNG, JPEG, BMP or GIF files.")
    private List<Path> images = List.of();

    @Option(names = "--top", paramLabel = "N", defaultValue = "3", description = "Classes to show; 3 by default.")
    private String top = "3";

    @Option(
            names = "--invert",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never: whether to take the negative; auto looks at the border.")
    private String invert = "auto";

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights of this .safetensors file in place of the run's newest checkpoint.")
    private @Nullable Path weights;

    PredictCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int classes = top();
        Inversion inversion = inversion();
        UsableRun usable = UsableRun.open(run);
        Normalization normalization = usable.inputs()
                .normalization()
                .orElseThrow(() -> new InvalidJobException(run + ": expected a run on images, found one on inputs "
                        + usable.inputs().shape()));
        // All images are read before the first is shown: a bad one is bad input, not half an answer.
        List<PreparedImage> prepared = new ArrayList<>();
        for (Path image : images) {
            prepared.add(ImageFile.read(image, usable.inputs().shape(), normalization, inversion));
        }
        try (TrainedModel model = usable.model(weights, terminal)) {
            for (int i = 0; i < prepared.size(); i++) {
                float[] values = model.predict(prepared.get(i).values());
                String title = images.get(i) + note(prepared.get(i));
                terminal.print(
                        switch (model.prediction().kind()) {
                            case CLASS_PROBABILITIES, LABEL_PROBABILITIES ->
                                PredictionLines.of(
                                        title, values, usable.inputs().classNames(), classes, terminal.unicode());
                            case OUTPUTS -> PredictionLines.outputs(title, values);
                        });
            }
        }
        return CommandLineInterface.OK;
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
