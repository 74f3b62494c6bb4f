package io.ketju.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSettingsTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = write("seeds = [\"a:1\", \"b:2\"]\nport = 7355\nthreads = 2\nroots = \"/data\"\n");
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndThatOverTheFile() {
        NodeSettings settings = NodeSettings.of(
                Map.of(NodeKey.THREADS, new NodeSettings.Given(List.of("8"), "--threads")),
                Map.of("KETJU_NODE_THREADS", "4", "KETJU_NODE_PORT", "7356", "KETJU_NODE_HOST", " ", "HOME", "/root"),
                Optional.of(file));
        assertThat(settings.get(NodeKey.THREADS)).contains(new NodeSettings.Given(List.of("8"), "--threads"));
        assertThat(settings.get(NodeKey.PORT))
                .contains(new NodeSettings.Given(List.of("7356"), "KETJU_NODE_PORT in the environment"));
        assertThat(settings.get(NodeKey.SEEDS))
                .contains(new NodeSettings.Given(List.of("a:1", "b:2"), file + ":1: seeds"));
        assertThat(settings.get(NodeKey.ROOTS)).contains(new NodeSettings.Given(List.of("/data"), file + ":4: roots"));
        assertThat(settings.get(NodeKey.HOST)).as("an empty variable").isEmpty();
    }

    @Test
    void theEnvironmentMayNameTheFileAndListsHaveTheirSeparators() {
        NodeSettings settings = NodeSettings.of(
                Map.of(),
                Map.of(
                        "KETJU_NODE_CONFIG",
                        file.toString(),
                        "KETJU_NODE_SEEDS",
                        "c:3, d:4",
                        "KETJU_NODE_ROOTS",
                        "/x:/y"),
                Optional.empty());
        assertThat(settings.get(NodeKey.PORT).orElseThrow().text()).isEqualTo("7355");
        assertThat(settings.get(NodeKey.SEEDS).orElseThrow().texts()).containsExactly("c:3", "d:4");
        assertThat(settings.get(NodeKey.ROOTS).orElseThrow().texts()).containsExactly("/x", "/y");
    }

    @Test
    void whatNobodyKnowsGetsTheNearestName() throws Exception {
        refused(write("\nprot = 1\n"), Map.of(), file + ":2: unknown key 'prot'; did you mean 'port'?");
        refused(write("data-path { x = 1 }"), Map.of(), "data-path: expected a text, found ");
        refused(write("port = [1, 2]"), Map.of(), ":1: port: expected a text, found ");
        refused(write("seeds = null"), Map.of(), ":1: seeds: expected a text or a list of texts, found null");
        refused(write("include \"other.conf\""), Map.of(), "expected no include: the settings of a node are one file");
        refused(
                file.resolveSibling("none.conf"),
                Map.of(),
                "node file " + folder.resolve("none.conf") + ": expected a readable file, found none");
        refused(
                write(""),
                Map.of("KETJU_NODE_PROT", "1"),
                "environment: unknown setting 'KETJU_NODE_PROT'; did you mean 'KETJU_NODE_PORT'?");
    }

    @Test
    void numbersSayWhoHasSetThem() {
        NodeSettings settings = NodeSettings.of(Map.of(), Map.of("KETJU_NODE_THREADS", "many"), Optional.empty());
        assertThatThrownBy(() -> settings.get(NodeKey.THREADS).orElseThrow().number(1, 8))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "KETJU_NODE_THREADS in the environment: expected a whole number without unit, 1 or more and 8 or"
                                + " less, found \"many\"");
    }

    private static void refused(Path file, Map<String, String> environment, String piece) {
        assertThatThrownBy(() -> NodeSettings.of(Map.of(), environment, Optional.of(file)))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining(piece)
                .message()
                .doesNotContain("\n");
    }

    private Path write(String text) throws Exception {
        return Files.writeString(folder.resolve("node.conf"), text);
    }
}
