package io.ketju.deploy.command;

import io.ketju.actors.job.DataForms;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.Dataset;
import io.ketju.data.image.ImageDataset;
import io.ketju.data.image.ImageFile;
import io.ketju.data.text.TextFile;
import io.ketju.data.text.TextWindows;
import io.ketju.deploy.display.Terminal;
import io.ketju.tensor.Excerpt;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ketju sample}: one test image as a file, to have something to predict. */
@Command(
        name = "sample",
        description = "Write one test image of a dataset as PNG, or a window of a text, to have something to predict.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = "  ketju sample fashion-mnist-5k 7 shirt.png")
final class SampleCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "DATA", description = "A known dataset, or the path of one.")
    private String data = "";

    @Parameters(index = "1", paramLabel = "INDEX", description = "Which test image or window, from 0.")
    private String index = "";

    @Parameters(
            index = "2",
            paramLabel = "FILE",
            description = "The PNG or text file to write; replaced if it is there.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path file;

    SampleCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Dataset test = DataForms.open(data).test();
        if (!(test instanceof ImageDataset) && !(test instanceof TextWindows)) {
            throw new InvalidJobException(
                    "data '" + Excerpt.of(data) + "': expected images or a text, found " + test.name());
        }
        if (!index.matches("\\d{1,9}") || Integer.parseInt(index) >= test.size()) {
            throw new InvalidJobException(
                    "INDEX: expected 0 to " + (test.size() - 1) + ", found \"" + Excerpt.of(index) + "\"");
        }
        int sample = Integer.parseInt(index);
        if (test instanceof TextWindows text) {
            TextFile.write(file, text.text(sample));
            terminal.print(List.of("Wrote " + file + ": test window " + sample + " of " + data));
            return CommandLineInterface.OK;
        }
        ImageDataset images = (ImageDataset) test;
        ImageFile.write(file, images, sample);
        int label = images.label(sample);
        String name = label < test.classNames().size() ? test.classNames().get(label) : Integer.toString(label);
        terminal.print(List.of("Wrote " + file + ": test image " + sample + " of " + data + ", labelled " + name));
        return CommandLineInterface.OK;
    }
}
