package io.ketju.examples.lesson;

import io.ketju.actors.job.DataSource;
import io.ketju.plot.Picture;
import io.ketju.plot.PictureFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run of an example: where it prints and where its pictures go. */
public final class Lesson {
    private final Path folder;
    private final boolean full;
    private final PrintStream out;
    private final List<String> pictures = new ArrayList<>();

    /**
     * @param folder of the run, which is there
     * @param full whether the long version is wanted
     * @param out where lines go
     */
    public Lesson(Path folder, boolean full, PrintStream out) {
        this.folder = folder;
        this.full = full;
        this.out = out;
    }

    public boolean full() {
        return full;
    }

    /**
     * The data of the short version, or of the long one, both by name as job files have it. An example asks before it prints, so that a
     * data set that is not there is one line that says how to get it, and nothing else.
     *
     * @param small comes with Ketju
     * @param large may have to be fetched
     */
    public DataSource data(String small, String large) {
        return DataSource.named(full ? large : small);
    }

    /** A number of the short version, or of the long one. */
    public int either(int small, int large) {
        return full ? large : small;
    }

    /** Where an example may keep more than pictures. */
    public Path folder() {
        return folder;
    }

    /** Prints a line as {@link String#format} makes it, with a point in numbers wherever it runs. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more library
    public void print(String format, Object... values) {
        String line = String.format(Locale.ROOT, format, values);
        line.lines().map(String::stripTrailing).forEach(part -> out.print(part + "\n"));
        if (line.isEmpty()) {
            out.print("\n");
        }
        out.flush();
    }

    /** Writes a picture as {@code name.png} and {@code name.svg}. */
    public void picture(String name, Picture picture) {
        PictureFile.write(folder.resolve(name + ".png"), picture);
        PictureFile.write(folder.resolve(name + ".svg"), picture);
        pictures.add(name);
    }

    /** Names of the pictures so far. */
    public List<String> pictures() {
        return List.copyOf(pictures);
    }
}
