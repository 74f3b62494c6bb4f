package io.ketju.pipeline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.RandomOrder;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulesTest {
    private static final Map<String, String> FILES =
            Map.of("my.txt", "# one stage\nrank 0  0F0 0F1 .  0B0 0B1 0S\n", "bad.txt", "\n0F0\n0X0\n");

    @Test
    void namesAreKnownInUpperAndLowerCase() {
        assertThat(Schedules.parse("1F1B")).isEqualTo(new OneForwardOneBackward());
        assertThat(Schedules.parse("1f1b")).isEqualTo(new OneForwardOneBackward());
        assertThat(Schedules.parse("GPipe")).isEqualTo(new GPipe());
        assertThat(Schedules.parse("gpipe")).isEqualTo(new GPipe());
        assertThat(Schedules.parse("interleaved1f1b(3)")).isEqualTo(new Interleaved1F1B(3));
        assertThat(Schedules.parse("InterleavedZB")).isEqualTo(new InterleavedZB(2));
    }

    @Test
    void everyListedOneReadsBack() {
        for (int stages = 1; stages <= 12; stages++) {
            for (Schedule schedule : Schedules.placing(stages)) {
                assertThat(Schedules.parse(Schedules.text(schedule, SchedulePlan.of(schedule, stages, 2))))
                        .isEqualTo(schedule);
                assertThat(Schedules.text(schedule, SchedulePlan.of(schedule, stages, 2)))
                        .isEqualTo(schedule.name());
            }
        }
    }

    @Test
    void aScheduleThatNobodyListsIsKeptAsItsTable() {
        SchedulePlan plan = SchedulePlan.of(new RandomOrder(RandomOrder.Ranks.VEE, 7), 4, 3);
        String text = Schedules.text(new RandomOrder(RandomOrder.Ranks.VEE, 7), plan);
        assertThat(text).startsWith("table(\"0F0 ");
        assertThat(Schedules.parse(text)).isEqualTo(new Table(plan));
        Table limited = new Table(plan, OptionalInt.of(12));
        assertThat(Schedules.parse(Schedules.text(limited, plan))).isEqualTo(limited);
    }

    @Test
    void aFileIsReadByWhoeverAsks() {
        Schedule read = Schedules.parse("file('my.txt', in_flight=2)", FILES::get);
        assertThat(read).isEqualTo(new Table(SchedulePlan.parse("0F0 0F1 0B0 0B1 0S"), OptionalInt.of(2)));
        assertThat(read.mostInFlight(Placement.oneEach(1), 2)).isEqualTo(2);
        assertThat(Schedules.parse("file(\"my.txt\")", FILES::get).mostInFlight(Placement.oneEach(1), 2))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dualpipe               | unknown schedule 'dualpipe'; did you mean 'DualPipeV'?",
                "Interleaved1F1B(0)     | Interleaved1F1B: argument 'chunks': expected at least 1, found 0",
                "LoopedBFS(chunks=-2)   | LoopedBFS: argument 'chunks': expected at least 1, found -2",
                "InterleavedZB(1.5)     | InterleavedZB(1.5): argument 'chunks': expected an integer, found '1.5'",
                "Eager1F1B(depth=0)     | Eager1F1B: argument 'depth': expected at least 1, found 0",
                "ZBV(chunks=2)          | ZBV(chunks=2): unknown argument 'chunks'; it takes none",
                "file(my)               | file(my): argument 'path': expected a text in quotes, found 'my'",
                "file()                 | file(): missing argument 'path'; it takes path, in_flight",
                "file('bad.txt')        | bad.txt: schedule line 3: not an action: '0X0'; expected stage, letter F R B I or W, micro-batch, such as 2F0, or stage and G, N, S or V, such as 2S",
                "file('my.txt', in_flight=0) | my.txt: file: argument 'in_flight': expected at least 1, found 0",
                "table('0F0; x; 1F0')   | schedule line 2: not an action: 'x'",
                "table('0F0 0B0 0S)     | position 19: expected a closing ', found the end",
            })
    void whatIsNoScheduleSaysWhy(String text, String message) {
        assertThatThrownBy(() -> Schedules.parse(text, FILES::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whereNoFileMayBeReadThatIsSaid() {
        assertThatThrownBy(() -> Schedules.parse("file('my.txt')"))
                .hasMessage("file(\"my.txt\"): a file is read where the job is written, not here; expected table(...)");
    }

    @ParameterizedTest
    @CsvSource({
        "Interleaved1F1B(3), 4, 'expected a multiple of 3 stages, 3 for each rank, found 4'",
        "ZBV, 5, 'expected an even number of stages, 2 for each rank, found 5'",
        "VHalf, 1, 'expected an even number of stages, 2 for each rank, found 1'",
    })
    void stagesThatCannotBePlacedAreNamed(String text, int stages, String message) {
        assertThatThrownBy(() -> Schedules.parse(text).placement(stages)).hasMessage(message);
    }

    @Test
    void noneButGPipeTakesAnyPlacement() {
        Placement strange = new Placement(List.of(0, 0, 1, 1));
        for (Schedule schedule : Schedules.placing(4)) {
            if (schedule instanceof GPipe) {
                assertThat(schedule.plan(strange, 2).placement()).isEqualTo(strange);
            } else {
                assertThatThrownBy(() -> schedule.plan(strange, 2))
                        .hasMessageStartingWith("expected the stages on ranks ")
                        .hasMessageEndingWith(", found [0, 0, 1, 1]; GPipe takes any");
            }
        }
    }
}
