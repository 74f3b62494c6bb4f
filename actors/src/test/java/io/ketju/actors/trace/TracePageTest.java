package io.ketju.actors.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/trace.md names the columns in their order. */
class TracePageTest {
    @Test
    void thePageNamesTheColumnsInTheirOrder() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "trace.md"));
        List<String> named = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(named).isEqualTo(TraceRow.COLUMNS);
    }
}
