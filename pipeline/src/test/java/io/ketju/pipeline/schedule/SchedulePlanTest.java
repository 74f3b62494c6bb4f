package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.Table;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulePlanTest {
    @Test
    void listsAreOneLinePerRank() {
        assertThat(SchedulePlan.of(new OneForwardOneBackward(), 2, 2).lists())
                .isEqualTo("0F0 0F1 0B0 0B1 0S\n1F0 1B0 1F1 1B1 1S\n");
    }

    @Test
    void aRankOfSeveralStagesPrintsAndReadsBack() {
        SchedulePlan vee = new GPipe().plan(Placement.vee(2), 2);
        assertThat(vee.table()).isEqualTo("""
                rank 0  0F0 0F1  .   .  3F0 3F1 3B0 3B1  .   .  0B0 0B1 0S  3S
                rank 1   .  1F0 1F1 2F0 2F1  .   .  2B0 2B1 1B0 1B1 1S  2S
                """);
        assertThat(SchedulePlan.parse(vee.table())).isEqualTo(vee);
        assertThat(vee.placement().rankOfStage()).containsExactly(0, 1, 1, 0);
        SchedulePlan looped = new GPipe().plan(Placement.looped(2, 2), 1);
        assertThat(looped.lists()).isEqualTo("0F0 2F0 2B0 0B0 0S 2S\n1F0 3F0 3B0 1B0 1S 3S\n");
        assertThat(SchedulePlan.parse(looped.lists())).isEqualTo(looped);
        assertThat(new ForwardOnly().plan(Placement.looped(2, 2), 3).lists())
                .isEqualTo("0F0 0F1 2F0 2F1 0F2 2F2\n1F0 1F1 3F0 3F1 1F2 3F2\n");
        assertThatThrownBy(() -> new OneForwardOneBackward().plan(Placement.vee(2), 2))
                .hasMessage("expected the stages on ranks [0, 1, 2, 3], found [0, 1, 1, 0]; GPipe takes any");
    }

    @Test
    void stepsThatWaitForSumsWaitForThoseOfAllRanks() {
        SchedulePlan plan = SchedulePlan.of(new OneForwardOneBackward(), 3, 2).withSums(Set.of(0, 2));
        assertThat(plan.table()).isEqualTo("""
                rank 0  0F0 0F1  .   .   .  0B0  .  0B1 0N  0S
                rank 1   .  1F0 1F1  .  1B0  .  1B1 1S
                rank 2   .   .  2F0 2B0 2F1 2B1 2N   .   .  2S
                """);
        assertThat(SchedulePlan.parse(plan.table())).isEqualTo(plan);
        assertThat(plan.restrictedTo(1).lists()).isEqualTo("0F0 0B0 0N 0S\n1F0 1B0 1S\n2F0 2B0 2N 2S\n");
        assertThat(new GPipe()
                        .plan(Placement.vee(2), 1)
                        .withSums(Set.of(0, 1, 3))
                        .lists())
                .isEqualTo("0F0 3F0 3B0 0B0 0N 3N 0S 3S\n1F0 2F0 2B0 1B0 1N 1S 2S\n");
        assertThat(plan.withSums(Set.of())).isSameAs(plan);
    }

    @Test
    void aTableIsASchedule() {
        Table table = new Table(SchedulePlan.parse("rank 0  0F0 1F0 1B0 0B0 0F1 1F1 1B1 0B1 0S 1S\n"));
        assertThat(table.placement(2)).isEqualTo(new Placement(List.of(0, 0)));
        assertThat(table.plan(table.placement(2), 1).lists()).isEqualTo("0F0 1F0 1B0 0B0 0S 1S\n");
        assertThatThrownBy(() -> table.placement(3)).hasMessage("the table has 2 stages, the model is cut into 3");
        assertThatThrownBy(() -> table.plan(Placement.oneEach(2), 1))
                .hasMessage("the table places the stages on ranks [0, 0], the job on [0, 1]");
        assertThatThrownBy(() -> table.plan(table.placement(2), 3))
                .hasMessage("the plan has 2 micro-batches: it cannot run 3");
    }

    @Test
    void placementsCountTheirRanks() {
        assertThat(Placement.looped(3, 2).stagesOf(1)).containsExactly(1, 4);
        assertThat(Placement.vee(3).rankOfStage()).containsExactly(0, 1, 2, 2, 1, 0);
        assertThat(Placement.oneEach(3).isOneEach()).isTrue();
        for (List<Integer> gap : List.of(List.<Integer>of(), List.of(0, 2), List.of(1), List.of(0, -1))) {
            assertThatThrownBy(() -> new Placement(gap)).hasMessageContaining("without gaps, found " + gap);
        }
    }

    @Test
    void splitBackwardsPrintAndReadBack() {
        SchedulePlan plan = SchedulePlan.parse("0F0 0F1 0I0 0I1 0W0 0W1 0S\n1F0 1I0 1F1 1I1 1W0 1W1 1S\n");
        assertThat(SchedulePlan.parse(plan.table())).isEqualTo(plan);
        assertThat(plan.table()).startsWith("rank 0  0F0 0F1  .  0I0  .  0I1 0W0 0W1 0S\n");
    }

    @Test
    void wideTablesReadBack() {
        SchedulePlan plan = SchedulePlan.of(new GPipe(), 12, 11);
        assertThat(SchedulePlan.parse(plan.table())).isEqualTo(plan);
        assertThat(plan.table().lines().map(line -> line.substring(0, 9)))
                .startsWith("rank 0   ", "rank 1   ")
                .endsWith("rank 11  ");
    }

    @Test
    void textThatIsNoPlanNamesTheLine() {
        assertThatThrownBy(() -> SchedulePlan.parse("0F0 0B0 0S\n1F0 1X0\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("'1X0'")
                .hasMessageContaining("2F0");
        assertThatThrownBy(() -> SchedulePlan.parse("rank 1  0F0\n")).hasMessageContaining("expected 'rank 0'");
        assertThatThrownBy(() -> SchedulePlan.parse("0F0 2F0\n"))
                .hasMessageContaining("actions of stages [0, 2], but none of stage 1");
        assertThatThrownBy(() -> SchedulePlan.parse(" \n")).hasMessageContaining("at least one rank");
        assertThatThrownBy(() -> SchedulePlan.of(new GPipe(), 2, 0)).hasMessageContaining("0 micro-batches");
    }

    @Test
    void actionsReadBack() {
        for (String text : new String[] {"0F0", "2B3", "12I7", "3W123456", "4S", "5N"}) {
            assertThat(Action.parse(text)).hasToString(text);
        }
        for (String text : new String[] {"", "F0", "2F", "2S0", "2N0", "2f0", "-1F0", "2F-1", "9999999F0", "2 F0"}) {
            assertThatThrownBy(() -> Action.parse(text)).hasMessageContaining("'" + text + "'");
        }
    }
}
