package io.ketju.report.picture;

import io.ketju.data.BadDataException;
import io.ketju.plot.PictureFile;
import io.ketju.records.timeline.TimelineSvg;
import io.ketju.report.figure.Figure;
import io.ketju.report.figure.PipelineFigure;
import io.ketju.report.gather.RunPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Every picture of a run as a file of its own. */
public final class PictureFiles {
    private PictureFiles() {}

    /**
     * Writes all of them, over files that are there.
     *
     * @param run what was gathered of it
     * @param folder made if it is not there
     * @param endings {@code .svg}, {@code .png} or both
     * @return the files in the order in which they were written, each with its title
     * @throws BadDataException if one cannot be written
     */
    public static SequencedMap<Path, String> write(RunPictures run, Path folder, List<String> endings) {
        SequencedMap<Path, String> written = new LinkedHashMap<>();
        try {
            Files.createDirectories(folder);
            for (Figure figure : run.figures()) {
                for (String ending : endings) {
                    Path file = folder.resolve(figure.name() + ending);
                    write(file, figure);
                    written.put(file, figure.title());
                }
            }
        } catch (IOException e) {
            throw BadDataException.unwritable(folder.toString(), e);
        }
        return written;
    }

    /** A timeline keeps, as SVG, what it says of each action to whoever points at it. */
    private static void write(Path file, Figure figure) throws IOException {
        if (figure instanceof PipelineFigure pipeline && file.toString().endsWith(".svg")) {
            TimelineSvg.write(file, pipeline.timeline());
        } else {
            PictureFile.write(file, FigurePictures.of(figure));
        }
    }
}
