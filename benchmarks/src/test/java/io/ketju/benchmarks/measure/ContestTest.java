package io.ketju.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
    @Test
    void contestantsTakeTurnsEachRoundStartingWithAnotherAndWarmRoundsDoNotCount() throws Exception {
        List<String> order = new ArrayList<>();
        Contest contest = new Contest().with("a", turn("a", order)).with("b", turn("b", order));

        Contest.Results results = contest.run(Effort.QUICK.with(Duration.ZERO, 2));

        assertThat(order).containsExactly("a", "b", "a", "b", "b", "a");
        assertThat(results.byName().keySet()).containsExactly("a", "b");
        assertThat(results.of("a")).isEqualTo(new Samples(List.of(3.0, 6.0)));
        assertThat(results.of("b")).isEqualTo(new Samples(List.of(4.0, 5.0)));
    }

    @Test
    void namesAreDifferent() {
        Contest contest = new Contest().with("a", () -> 1);
        assertThatThrownBy(() -> contest.with("a", () -> 1)).hasMessageContaining("called a");
    }

    @Test
    void aReportNamesTheMachineAndLinesItsColumnsUp() {
        Report report = new Report("Things", "what", "per s");
        report.row("slow", Report.count(7));
        report.row("fast", Report.count(12_345.6));
        report.note("That is all.");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), 2);
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().toList())
                .contains("Things", "slow       7", "fast  12,346", "That is all.")
                .anyMatch(line -> line.contains("2 threads, JDK ") && line.contains(", load "));
    }

    private static Turn turn(String name, List<String> order) {
        return () -> {
            order.add(name);
            return order.size();
        };
    }
}
