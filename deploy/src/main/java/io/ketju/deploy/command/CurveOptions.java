package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.measure.LearningRateCurve;
import io.ketju.data.file.FileErrors;
import io.ketju.deploy.display.LearningRateText;
import io.ketju.deploy.display.Terminal;
import io.ketju.records.text.JobHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which files {@code ketju lr-find} leaves of its curve. */
final class CurveOptions {
    /** Beside the runs, and replaced by the next one, as there is no run that it would belong to. */
    private static final Path USUAL = Path.of("runs", "lr-find.svg");

    @Option(names = "--csv", paramLabel = "FILE", description = "Write rate, loss and average of every step.")
    private @Nullable Path csv;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = "Where the picture of the curve goes, .svg or .png. Without it: runs/lr-find.svg.")
    private @Nullable Path picture;

    @Option(names = "--no-picture", description = "Leave no picture of the curve.")
    private boolean withoutPicture;

    /** Before a step is taken. Throws {@link InvalidJobException} for a file that was asked for and cannot be. */
    void requireWritable() {
        requireFolder("--csv", csv);
        requireFolder("--picture", picture);
        if (picture == null) {
            return;
        }
        if (withoutPicture) {
            throw new InvalidJobException("--no-picture: expected no --picture beside it, found " + picture);
        }
        String name = picture.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".svg") && !name.endsWith(".png")) {
            throw new InvalidJobException("--picture: expected a file that ends with .svg or .png, found " + picture);
        }
        if (painter().isEmpty()) {
            throw new InvalidJobException(
                    "--picture: expected the module ketju-report on the class path, found none; leave --picture out");
        }
    }

    private static void requireFolder(String option, @Nullable Path file) {
        if (file != null) {
            Path folder = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
                throw new InvalidJobException(option + ": expected a file in a folder that is there, found " + file);
            }
        }
    }

    private static Optional<AddedCurve> painter() {
        return ServiceLoader.load(AddedCurve.class).findFirst();
    }

    /** Throws {@link InvalidJobException} if the table was asked for and cannot be written. */
    void writeTable(LearningRateCurve curve) {
        if (csv != null) {
            try {
                Files.write(csv, LearningRateText.csv(curve));
            } catch (IOException e) {
                throw new InvalidJobException("--csv: " + csv + ": cannot be written: " + FileErrors.reason(e), e);
            }
        }
    }

    /** The curve is told already: where nobody asked for its picture, what goes wrong with that is a line. */
    void draw(String job, LearningRateCurve curve, Terminal terminal) {
        Optional<AddedCurve> painter = painter();
        if (withoutPicture || painter.isEmpty()) {
            return;
        }
        Path file = picture == null ? USUAL : picture;
        try {
            makeFolder();
            painter.get().write(job, curve, file);
            terminal.print(List.of(JobHeader.field("picture") + file));
        } catch (InvalidJobException e) {
            if (picture != null) {
                throw new InvalidJobException("--picture: " + e.getMessage(), e);
            }
            terminal.err().println("note: no picture of the curve: " + e.getMessage());
            terminal.err().flush();
        }
    }

    private void makeFolder() {
        Path folder = USUAL.getParent();
        if (picture == null && folder != null) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new InvalidJobException("folder " + folder + " cannot be made: " + FileErrors.reason(e), e);
            }
        }
    }
}
