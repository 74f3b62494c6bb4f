package io.ketju.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings in blocks of the pages are such as job files, or files of nodes, take: keys, models, and jobs that are whole. */
class PageSettingsTest {
    private static final Pattern BLOCK = Pattern.compile("^```\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /** A key and its value, or the begin of a group such as {@code model}. */
    private static final Pattern SETTING = Pattern.compile("[a-z][a-z.-]* (=|\\{)");

    @TempDir
    private Path folder;

    private static Map<String, String> blocks() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("..", "README.md"), Path.of("..", "CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.list(Path.of("..", "docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        Map<String, String> blocks = new LinkedHashMap<>();
        for (Path page : pages) {
            for (MatchResult block :
                    BLOCK.matcher(Files.readString(page)).results().toList()) {
                if (SETTING.matcher(block.group(1)).lookingAt()) {
                    blocks.put(page.getFileName() + ": " + block.group(1), block.group(1));
                }
            }
        }
        return blocks;
    }

    @Test
    void everyBlockOfSettingsIsTaken() throws IOException {
        Map<String, String> blocks = blocks();
        assertThat(blocks).hasSizeGreaterThan(4);
        int models = 0;
        for (Map.Entry<String, String> block : blocks.entrySet()) {
            if (block.getKey().startsWith("cluster.md")) {
                Path file = Files.writeString(folder.resolve("node.conf"), block.getValue());
                assertThat(NodeSettings.of(Map.of(), Map.of(), Optional.of(file))
                                .get(NodeKey.SEEDS))
                        .as(block.getKey())
                        .isPresent();
                continue;
            }
            JobSettings settings = JobFile.parse(block.getKey(), block.getValue());
            assertThat(settings.settings()).as(block.getKey()).isNotEmpty();
            if (settings.get(JobKey.DATA).isPresent()) {
                assertThat(JobAssembly.build(settings).stages())
                        .as(block.getKey())
                        .isPositive();
            }
            if (block.getValue().startsWith("model")) {
                assertThat(JobAssembly.model(settings).model().nodes())
                        .as(block.getKey())
                        .isNotEmpty();
                models++;
            }
        }
        assertThat(models).isGreaterThan(2);
    }
}
