package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.Dataset;
import io.ketju.data.InputProfile;
import io.ketju.data.table.TableDataset;
import io.ketju.data.text.TextLines;
import io.ketju.data.text.TextPairs;
import io.ketju.data.text.TextSource;
import io.ketju.data.text.Translations;
import io.ketju.data.text.WordWindows;
import io.ketju.tensor.Excerpt;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Samples that a saved run's model is measured on: they become numbers as those did that it learnt from, or are refused. */
final class OtherData {
    private final InputProfile profile;
    private final Dataset learnt;

    /** Of a run that kept this of its inputs, and learnt from these. */
    OtherData(InputProfile profile, Dataset learnt) {
        this.profile = profile;
        this.learnt = learnt;
    }

    /** All of a file, read in the form that the run's own data has. */
    Dataset read(Path file) {
        if (profile.text().isEmpty()) {
            return profile.rows(file, ((TableDataset) learnt).choice().targets());
        }
        String name = String.valueOf(file.getFileName());
        if (learnt instanceof WordWindows windows) {
            return windows.of(file);
        }
        if (profile.translated().isPresent()) {
            return TextPairs.translations(
                    name,
                    lines(file),
                    profile.text().get(),
                    profile.translated().get());
        }
        return profile.classNames().isEmpty()
                ? profile.windows(file)
                : TextPairs.classes(name, lines(file), profile.text().get(), profile.classNames());
    }

    private static TextLines lines(Path file) {
        return TextLines.ofTabbed(TextSource.of(file));
    }

    /**
     * Data that was opened in a way of its own: pixels are normalised as the run's were. Throws {@link InvalidJobException} where
     * tokens, columns or classes have other numbers than in the run, which would be measured without a word.
     */
    static Dataset fitting(InputProfile profile, Dataset test) {
        if (!profile.text().equals(test.textEncoding())
                || !profile.translated().equals(test.translations().map(Translations::target))) {
            throw new InvalidJobException("--data: expected text in the vocabulary of the run, found " + test.name()
                    + ", which has one of its own; give the path of the text alone");
        }
        if (!profile.table().equals(test.tableEncoding())) {
            throw new InvalidJobException("--data: expected a table whose columns become numbers as in the run, found "
                    + test.name() + ", which is standardised by rows of its own; write its rows into a .csv");
        }
        requireClasses(profile.classNames(), test);
        return profile.normalization().map(test::normalized).orElse(test);
    }

    /** Numbers of classes alone say nothing of what they mean; data without names is taken at its word. */
    private static void requireClasses(List<String> known, Dataset test) {
        List<String> found = test.outputNames();
        if (known.isEmpty() || found.isEmpty() || known.equals(found)) {
            return;
        }
        boolean order = Set.copyOf(known).equals(Set.copyOf(found));
        throw new InvalidJobException("--data: expected the classes of the run, " + excerpt(known)
                + (order ? ", in this order" : "") + ", found " + excerpt(found) + " in " + test.name());
    }

    private static String excerpt(List<String> names) {
        return Excerpt.of(String.join(", ", names));
    }
}
