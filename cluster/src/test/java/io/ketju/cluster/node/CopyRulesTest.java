package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.RunSight;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What follows for who keeps a copy from what it knows of the driver and of others who stand by. */
class CopyRulesTest {
    private static StandbyRules.Verdict look(boolean member, boolean begun, boolean whole, int before) {
        return CopyRules.on(new CopyRules.Look(3, "a:1", member, begun, whole, Optional.empty(), before));
    }

    @Test
    void aDriverThatIsInTheClusterIsNotFollowed() {
        assertThat(look(true, false, false, 0))
                .isEqualTo(new StandbyRules.Watch("its driver is at a:1; a copy of the run comes here"));
        assertThat(look(true, true, true, 0))
                .isEqualTo(new StandbyRules.Watch("its driver is at a:1; a copy of the run is here"));
    }

    @Test
    void oneThatIsNotIsFollowedAtOnce() {
        assertThat(look(false, true, true, 0))
                .isEqualTo(new StandbyRules.TakeOver(
                        new RunSight(3, true, Optional.of("a:1"), Optional.empty()), "is not in the cluster any more"));
        assertThat(look(false, true, false, 0)).isInstanceOf(StandbyRules.TakeOver.class);
    }

    @Test
    void nobodyTakesOverBesideAnotherWhoMay() {
        assertThat(look(false, true, true, 1))
                .isEqualTo(new StandbyRules.Watch(
                        "its driver is lost; 1 node that came before, or may have its folder," + " may take over"));
    }

    @Test
    void withoutAnythingThereIsNothingToGoOnFrom() {
        assertThat(look(false, false, false, 0))
                .isEqualTo(new StandbyRules.Watch("its driver at a:1 is lost, and nothing of the run is here"));
    }

    @Test
    void aDriverThatHasLeftWithAWordIsNotFollowed() {
        for (DriverNote.Outcome outcome : DriverNote.Outcome.values()) {
            DriverNote.End end = new DriverNote.End(outcome, "why");
            for (boolean member : new boolean[] {true, false}) {
                assertThat(CopyRules.on(new CopyRules.Look(3, "a:1", member, true, true, Optional.of(end), 0)))
                        .isEqualTo(new StandbyRules.Over(end));
            }
        }
    }
}
