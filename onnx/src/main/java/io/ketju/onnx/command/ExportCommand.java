package io.ketju.onnx.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.BadDataException;
import io.ketju.data.InputProfile;
import io.ketju.data.file.DurableFile;
import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.command.UsableRun;
import io.ketju.deploy.command.WeightsOptions;
import io.ketju.deploy.display.Terminal;
import io.ketju.onnx.OnnxExport;
import io.ketju.onnx.format.OnnxModel;
import io.ketju.onnx.format.OnnxValue;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju export}: a run's model as an ONNX file. */
@Command(
        name = "export",
        description = ExportCommand.DESCRIPTION,
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju export runs/fashion-lenet-1 lenet.onnx",
            "  ketju export runs/vectors-1 vectors.onnx --output vectors     up to the word vectors",
            "",
            "What a model needs to know of its inputs, such as classes, means and vocabularies, is written beside it:",
            "lenet.inputs.json."
        })
final class ExportCommand implements Callable<Integer> {
    static final String DESCRIPTION = "Write the model of a run as an ONNX file, for other programs to predict with.";

    private static final String ENDING = ".onnx";

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    @Parameters(index = "1", paramLabel = "FILE", description = "The file to write; its name ends with .onnx.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path file;

    @Option(
            names = "--output",
            paramLabel = "NAME,..",
            split = ",",
            description =
                    "Layers whose outputs are the file's, in place of the model's own; what they do not need is left out.")
    private List<String> outputs = List.of();

    @Mixin
    private final WeightsOptions weights = new WeightsOptions();

    ExportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(ENDING)) {
            throw new InvalidJobException(
                    "FILE: expected a name that ends with " + ENDING + ", found " + Excerpt.ofPath(file));
        }
        UsableRun usable = UsableRun.open(run);
        List<String> lines = new ArrayList<>();
        try (TrainedModel trained = usable.model(weights, terminal)) {
            OnnxModel model = model(trained);
            write(model);
            lines.add("Wrote " + file + ": " + model.graph().nodes().size() + " nodes, operators of set "
                    + model.operators());
            model.graph().inputs().forEach(input -> lines.add("  input  " + text(input)));
            model.graph().outputs().forEach(output -> lines.add("  output " + text(output)));
        }
        Path beside = file.resolveSibling(name.substring(0, name.length() - ENDING.length()) + ".inputs.json");
        write(usable.inputs(), beside);
        lines.add("Wrote " + beside + ": what is to be known of the inputs");
        terminal.print(lines);
        return CommandLineInterface.OK;
    }

    /** What cannot be exported is bad input. */
    private OnnxModel model(TrainedModel trained) {
        try {
            OnnxExport export = OnnxExport.of(trained.model());
            return (outputs.isEmpty() ? export : export.withOutputs(outputs)).model(trained::parameter);
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException(
                    run + ": " + e.getMessage() + (outputs.isEmpty() ? "; --output NAME exports a part" : ""), e);
        }
    }

    private void write(OnnxModel model) {
        try {
            DurableFile.write(file, out -> {
                OutputStream stream = Channels.newOutputStream(out);
                model.writeTo(stream);
                stream.flush();
            });
        } catch (IOException e) {
            throw BadDataException.unwritable(file.toString(), e);
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException(run + ": " + e.getMessage(), e);
        }
    }

    private static void write(InputProfile inputs, Path beside) {
        try {
            inputs.writeFile(beside);
        } catch (IOException e) {
            throw BadDataException.unwritable(beside.toString(), e);
        }
    }

    private static String text(OnnxValue value) {
        String dimensions = value.dimensions().orElse(List.of()).stream()
                .map(dimension -> dimension.isEmpty() ? "?" : dimension)
                .collect(Collectors.joining(", ", "[", "]"));
        return value.name() + " " + value.type().name().toLowerCase(Locale.ROOT) + " " + dimensions;
    }
}
