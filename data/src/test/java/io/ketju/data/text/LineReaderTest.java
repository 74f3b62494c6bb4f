package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines are cut as {@link String#lines} cuts them, whatever is read at once. */
class LineReaderTest {
    @Test
    void linesAreThoseOfTheWholeText() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append("\r\nab\n\r".charAt(random.nextInt(6)));
            }
            int atOnce = 1 + random.nextInt(5);
            assertThat(lines(new Few(text.toString(), atOnce)))
                    .as("seed %d, round %d, %d at once", seed, round, atOnce)
                    .isEqualTo(text.toString().lines().toList());
        }
    }

    private static List<String> lines(Reader text) {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(text, "t")) {
            for (String line = reader.next(); line != null; line = reader.next()) {
                lines.add(line);
                assertThat(reader.number()).isEqualTo(lines.size());
            }
        }
        return lines;
    }

    /** Gives so many characters at most at a time. */
    private static final class Few extends Reader {
        private final StringReader text;
        private final int most;

        Few(String text, int most) {
            this.text = new StringReader(text);
            this.most = most;
        }

        @Override
        public int read(char[] target, int offset, int length) throws java.io.IOException {
            return text.read(target, offset, Math.min(most, length));
        }

        @Override
        public void close() {
            text.close();
        }
    }
}
