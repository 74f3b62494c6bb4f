package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulePlanTest {
    @ParameterizedTest
    @CsvSource({
        "gpipe, 1, 1",
        "gpipe, 1, 3",
        "gpipe, 1, 8",
        "gpipe, 2, 1",
        "gpipe, 2, 3",
        "gpipe, 2, 8",
        "gpipe, 4, 1",
        "gpipe, 4, 3",
        "gpipe, 4, 4",
        "gpipe, 4, 8",
        "1f1b, 1, 1",
        "1f1b, 1, 3",
        "1f1b, 1, 8",
        "1f1b, 2, 1",
        "1f1b, 2, 3",
        "1f1b, 2, 8",
        "1f1b, 4, 1",
        "1f1b, 4, 3",
        "1f1b, 4, 4",
        "1f1b, 4, 8"
    })
    void tableEqualsTheGoldenFileAndReadsBack(String name, int stages, int microbatches) {
        SchedulePlan plan = SchedulePlan.of(Schedules.named(name), stages, microbatches);
        String golden = golden(name + "-p" + stages + "-m" + microbatches + ".txt");
        assertThat(plan.table()).isEqualTo(golden);
        assertThat(SchedulePlan.parse(golden)).isEqualTo(plan);
        assertThat(SchedulePlan.parse(plan.lists())).isEqualTo(plan);
        assertThat(plan.microbatches()).isEqualTo(microbatches);
    }

    @Test
    void listsAreOneLinePerStage() {
        assertThat(SchedulePlan.of(new OneForwardOneBackward(), 2, 2).lists())
                .isEqualTo("0F0 0F1 0B0 0B1 0S\n1F0 1B0 1F1 1B1 1S\n");
    }

    @Test
    void splitBackwardsPrintAndReadBack() {
        SchedulePlan plan = SchedulePlan.parse("0F0 0F1 0I0 0I1 0W0 0W1 0S\n1F0 1I0 1F1 1I1 1W0 1W1 1S\n");
        assertThat(SchedulePlan.parse(plan.table())).isEqualTo(plan);
        assertThat(plan.table()).startsWith("stage 0  0F0 0F1  .  0I0  .  0I1 0W0 0W1 0S\n");
    }

    @Test
    void wideTablesReadBack() {
        SchedulePlan plan = SchedulePlan.of(new GPipe(), 12, 11);
        assertThat(SchedulePlan.parse(plan.table())).isEqualTo(plan);
        assertThat(plan.table().lines().map(line -> line.substring(0, 10)))
                .startsWith("stage 0   ", "stage 1   ")
                .endsWith("stage 11  ");
    }

    @Test
    void textThatIsNoPlanNamesTheLine() {
        assertThatThrownBy(() -> SchedulePlan.parse("0F0 0B0 0S\n1F0 1X0\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("'1X0'")
                .hasMessageContaining("2F0");
        assertThatThrownBy(() -> SchedulePlan.parse("stage 1  0F0\n")).hasMessageContaining("expected 'stage 0'");
        assertThatThrownBy(() -> SchedulePlan.parse(" \n")).hasMessageContaining("at least one stage");
        assertThatThrownBy(() -> SchedulePlan.of(new GPipe(), 2, 0)).hasMessageContaining("0 micro-batches");
    }

    @Test
    void actionsReadBack() {
        for (String text : new String[] {"0F0", "2B3", "12I7", "3W123456", "4S"}) {
            assertThat(Action.parse(text)).hasToString(text);
        }
        for (String text : new String[] {"", "F0", "2F", "2S0", "2f0", "-1F0", "2F-1", "9999999F0", "2 F0"}) {
            assertThatThrownBy(() -> Action.parse(text)).hasMessageContaining("'" + text + "'");
        }
    }

    private static String golden(String name) {
        try (InputStream in = SchedulePlanTest.class.getResourceAsStream("/schedules/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
