package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.ketju.cluster.node.ClusterStatus;
import io.ketju.cluster.status.NodeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final Instant SINCE = Instant.parse("2026-11-29T18:00:00Z");
    private static final String DRIVER = "a:1";

    private static final ClusterStatus STATUS = new ClusterStatus(List.of(
            node(
                    DRIVER,
                    "coordinator",
                    0,
                    Optional.empty(),
                    Optional.of(new NodeStatus.Directed("digits", "/runs/digits-1", "runs", 3, 10, 1200, 4000, 2, 1)),
                    ""),
            node(
                    "b:2",
                    "worker",
                    4,
                    Optional.of(new NodeStatus.Held("digits-1", DRIVER, List.of(0, 1), 2, true)),
                    Optional.empty(),
                    ""),
            node(
                    "a:5",
                    "standby",
                    0,
                    Optional.empty(),
                    Optional.of(new NodeStatus.Directed("digits", "/runs/digits-1", "stands by", 0, 10, 0, 4000, 2, 0)),
                    ""),
            leaving("e:5", Optional.of(new NodeStatus.Held("digits-1", "z:9", List.of(2), 3, true))),
            leaving("f:6", Optional.empty()),
            node("c:3", "worker", 8, Optional.empty(), Optional.empty(), "speaks version 2"),
            new ClusterStatus.Node(
                    "d:4",
                    Optional.of(new NodeStatus.Member("d:4", "worker", "up", false)),
                    Optional.empty(),
                    "no answer\u001b[2J within 3 s")));

    private static ClusterStatus.Node node(
            String address,
            String role,
            int threads,
            Optional<NodeStatus.Held> held,
            Optional<NodeStatus.Directed> directed,
            String trouble) {
        NodeStatus.Member member = new NodeStatus.Member(address, role, "up", true);
        NodeStatus status =
                new NodeStatus(address, role, "0.1.0", 1, threads, SINCE, List.of(member), held, directed, false);
        return new ClusterStatus.Node(address, Optional.of(member), Optional.of(status), trouble);
    }

    private static ClusterStatus.Node leaving(String address, Optional<NodeStatus.Held> held) {
        NodeStatus.Member member = new NodeStatus.Member(address, "worker", "up", true);
        NodeStatus status =
                new NodeStatus(address, "worker", "0.1.0", 1, 1, SINCE, List.of(member), held, Optional.empty(), true);
        return new ClusterStatus.Node(address, Optional.of(member), Optional.of(status), "");
    }

    @Test
    void nodesAndRunsAreTablesAndNothingMovesTheCursor() {
        List<String> lines = StatusText.lines(STATUS, new Terminal(System.out, System.err, false, 120, false));
        assertThat(lines)
                .anyMatch(line -> line.matches("a:1 +coordinator +directs digits +- +0.1.0 .*"))
                .anyMatch(line -> line.matches("a:5 +standby +stands by for digits +- +0.1.0 .*"))
                .anyMatch(line -> line.matches("b:2 +worker +busy: stages 0, 1 of 2 of digits-1 +4 +0.1.0 .*"))
                .anyMatch(line -> line.matches("e:5 +worker +leaving: hands over stage 2 of 3 of digits-1 +1 .*"))
                .anyMatch(line -> line.matches("f:6 +worker +leaving +1 +0.1.0 .*"))
                .anyMatch(line -> line.matches("c:3 +worker +free; speaks version 2 +8 +0.1.0 .*"))
                .anyMatch(line -> line.matches("d:4 +worker +does not answer: no answer \\[2J within 3 s +- +- +-"))
                .anyMatch(line -> line.matches("/runs/digits-1 +runs +3/10 +1,200 of 4,000 +1 +stages 0, 1 on b:2"));
        assertThat(lines)
                .as("one run")
                .filteredOn(line -> line.startsWith("/runs/digits-1"))
                .hasSize(1);
        assertThat(String.join("", lines)).doesNotContain("\u001b");
    }

    @Test
    void theSameIsOneObjectForPrograms() throws Exception {
        String json = StatusJson.of(STATUS);
        assertThat(json)
                .doesNotContain("\n")
                .contains(
                        "{\"address\":\"b:2\",\"role\":\"worker\",\"state\":\"up\",\"reachable\":true,\"answers\":true,"
                                + "\"trouble\":\"\",\"version\":\"0.1.0\",\"control_version\":1,\"threads\":4,"
                                + "\"since\":\"2026-11-29T18:00:00Z\",\"leaving\":false,\"holds\":{\"run\":\"digits-1\",\"director\":\"a:1\","
                                + "\"stages\":[0,1],\"of\":2,\"connected\":true}}")
                .contains("\"stands_by_for\":{\"job\":\"digits\",\"folder\":\"/runs/digits-1\"}}")
                .containsOnlyOnce("\"restarts\"")
                .contains("\"step\":1200,\"steps\":4000,\"stages\":2,\"restarts\":1,"
                        + "\"workers\":[{\"address\":\"b:2\",\"stages\":[0,1]}]");
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                // Well formed to its end.
            }
        }
    }
}
