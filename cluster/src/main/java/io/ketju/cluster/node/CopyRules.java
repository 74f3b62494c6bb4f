package io.ketju.cluster.node;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.checkpoint.RunSight;
import io.ketju.tensor.Plural;
import java.util.Optional;

/**
 * The same as {@link StandbyRules} of who keeps a copy of the run, since the folder of its driver is out of reach: nothing but membership
 * says whether that lives, so nobody takes over while it is a member, nor while somebody else is who may. Pure.
 */
final class CopyRules {
    /**
     * One look.
     *
     * @param start of the run, the last one that is known here; 0: none
     * @param driver where it is reached who directed the run last
     * @param member whether that one is in the cluster, as far as a node can say that is in it
     * @param begun whether the copy has anything to go on from
     * @param whole whether all that the driver had has come
     * @param end how the driver left the run; empty: it has not, or had no time to say so
     * @param before how many others stand by who may take over: those that came before, and such as may have the driver's folder
     */
    record Look(
            int start,
            String driver,
            boolean member,
            boolean begun,
            boolean whole,
            Optional<DriverNote.End> end,
            int before) {}

    private CopyRules() {}

    /** What follows from a look. */
    static StandbyRules.Verdict on(Look look) {
        if (look.end().isPresent()) {
            return new StandbyRules.Over(look.end().get());
        }
        if (look.member()) {
            return new StandbyRules.Watch("its driver is at " + look.driver()
                    + (look.whole() ? "; a copy of the run is here" : "; a copy of the run comes here"));
        }
        if (!look.begun()) {
            return new StandbyRules.Watch(
                    "its driver at " + look.driver() + " is lost, and nothing of the run is here");
        }
        if (look.before() > 0) {
            return new StandbyRules.Watch("its driver is lost; " + Plural.of(look.before(), "node")
                    + " that came before, or may have its folder, may take over");
        }
        return new StandbyRules.TakeOver(
                new RunSight(look.start(), true, Optional.of(look.driver()), Optional.empty()),
                "is not in the cluster any more");
    }
}
