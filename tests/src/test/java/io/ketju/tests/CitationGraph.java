package io.ketju.tests;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Made-up papers in the layout and of the size of Cora, which does not come with Ketju: each paper has words of its subject more often
 * than others, and mostly cites its own subject.
 */
final class CitationGraph {
    static final int PAPERS = 2708;
    static final int WORDS = 1433;
    static final int SUBJECTS = 7;
    static final int PAIRS = 5278;

    private static final long SEED = 41;
    private static final double OWN_SUBJECT = 0.8;
    private static final double OWN_WORDS = 0.2;
    private static final int WORDS_OF_A_PAPER = 18;

    private CitationGraph() {}

    /** A folder of {@code cora.content} and {@code cora.cites}, below the module's own {@code target}. */
    static Path folder() {
        try {
            Path folder = Files.createDirectories(Path.of("target", "made-up-papers"));
            write(folder.resolve("cora.content"), folder.resolve("cora.cites"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path content, Path cites) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        try (BufferedWriter out = Files.newBufferedWriter(content)) {
            for (int paper = 0; paper < PAPERS; paper++) {
                out.write(line(paper, random));
            }
        }
        Set<Long> pairs = new LinkedHashSet<>();
        while (pairs.size() < PAIRS) {
            int one = random.nextInt(PAPERS);
            int other = random.nextInt(PAPERS);
            boolean wanted = subject(one) == subject(other) || random.nextDouble() > OWN_SUBJECT;
            if (one != other && wanted) {
                pairs.add((long) Math.min(one, other) * PAPERS + Math.max(one, other));
            }
        }
        try (BufferedWriter out = Files.newBufferedWriter(cites)) {
            for (long pair : pairs) {
                out.write("p" + pair / PAPERS + "\tp" + pair % PAPERS + "\n");
            }
        }
    }

    private static int subject(int paper) {
        return paper % SUBJECTS;
    }

    /** Name, a 0 or 1 for each word, subject. */
    private static String line(int paper, SplittableRandom random) {
        boolean[] has = new boolean[WORDS];
        for (int i = 0; i < WORDS_OF_A_PAPER; i++) {
            boolean own = random.nextDouble() < OWN_WORDS;
            has[own ? random.nextInt(WORDS / SUBJECTS) * SUBJECTS + subject(paper) : random.nextInt(WORDS)] = true;
        }
        StringBuilder line = new StringBuilder("p" + paper);
        for (boolean there : has) {
            line.append(there ? "\t1" : "\t0");
        }
        return line.append("\tsubject-").append(subject(paper)).append('\n').toString();
    }
}
