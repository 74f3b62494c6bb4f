package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are larger than the heap of the process that goes through their samples. */
@Tag("long")
class LargeLinesHeapTest {
    private static final int HEAP_MEBIBYTES = 64;
    private static final int LINES = 100_000;

    /** Words of each side of a line; two of them tell of its number. */
    private static final int WORDS = 80;

    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    private Path folder;

    @Test
    void pairsAreReadWithASmallerHeap() throws IOException, InterruptedException {
        long tokens = (long) LINES * WORDS;
        assertThat(run("pairs", "src_lengths", lines(true))).isEqualTo("90000 10000 " + tokens);
    }

    @Test
    void classesAreReadWithASmallerHeap() throws IOException, InterruptedException {
        // Every other line is of class 1.
        assertThat(run("lines", "target", lines(false))).isEqualTo("90000 10000 " + LINES / 2);
    }

    /** Every 20th word of 90 % of the text, and of the rest, has four words around it, but for those at both begins and ends. */
    @Test
    void wordsAreReadWithASmallerHeap() throws IOException, InterruptedException {
        Path file = folder.resolve("t.txt");
        long words = 20_000_000;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (long i = 0; i < words; i++) {
                out.write("same\n");
            }
        }
        // The only word has the number 4; of both parts the first word lacks two that are before it.
        long samples = words / 20;
        long sum = (samples * 4 - 2 * 2) * 4 - 2 * 2 * 100;
        assertThat(run("windows", "targets", file)).isEqualTo("900000 100000 " + sum);
    }

    /** A sentence and the same as its translation, or a sentence of twice as many words and its class. */
    private Path lines(boolean pairs) throws IOException {
        Path file = folder.resolve("t.tsv");
        String common = " and so forth".repeat(WORDS / 3).strip();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < LINES; i++) {
                String side = "begin" + i % 1000 + " word" + i % 777 + " " + common;
                out.write(side + (pairs ? "\t" + side : " " + side + "\tclass" + i % 2) + "\n");
            }
        }
        return file;
    }

    private String run(String form, String port, Path file) throws IOException, InterruptedException {
        assertThat(Files.size(file)).isGreaterThan((long) HEAP_MEBIBYTES << 20);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(LargeLinesProcess.command(HEAP_MEBIBYTES, form, port, file))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("ended; it said %s", Files.readString(err)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        return Files.readString(out).strip();
    }
}
