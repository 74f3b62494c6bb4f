package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.records.table.MetricsCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/run-folder.md names the columns of metrics.csv of a classification in their order. */
class RunFolderPageTest {
    @Test
    void thePageNamesTheColumnsInTheirOrder() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "run-folder.md"));
        String columns = page.substring(page.indexOf("| column |"));
        List<String> named = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
                .matcher(columns)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(named).isEqualTo(MetricsCsv.columns(Jobs.digits()));
    }
}
