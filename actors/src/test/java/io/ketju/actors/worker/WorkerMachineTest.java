package io.ketju.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.RunTicket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WorkerMachineTest {
    private static final RunTicket TICKET = new RunTicket(1, 2, 3);
    private static final RunTicket OTHER = new RunTicket(9, 2, 3);

    private final WorkerMachine machine = new WorkerMachine();

    @Test
    void oneRunFromItsRequestToItsEnd() {
        assertThat(on(new HostingEvent.PlaceAsked(1, TICKET, List.of(0, 1)))).hasToString("[Build[placement=1]]");
        assertThat(on(new HostingEvent.Built(1))).isEmpty();
        assertThat(on(new HostingEvent.ConnectAsked(TICKET))).containsExactly(new HostingEffect.OpenLinks());
        assertThat(on(new HostingEvent.LinksAnswered(1, Optional.empty())))
                .containsExactly(new HostingEffect.ReportConnected());
        assertThat(on(new HostingEvent.ReleaseAsked(TICKET, "enough")))
                .containsExactly(
                        new HostingEffect.RefuseArrivals(),
                        new HostingEffect.ReleaseRank(0, "enough"),
                        new HostingEffect.ReleaseRank(1, "enough"));
        assertThat(on(new HostingEvent.RankReleased(1, 1))).isEmpty();
        assertThat(on(new HostingEvent.RankReleased(1, 0))).containsExactly(new HostingEffect.Free());
        assertThat(on(new HostingEvent.RankEnded(1, 0))).isEmpty();
        assertThat(on(new HostingEvent.Freed(1))).containsExactly(new HostingEffect.ReportReleased("enough"));
        assertThat(machine.free()).isTrue();
    }

    @Test
    void aBusyWorkerRefusesAndHearsNothingOfTheOtherRun() {
        hold(1, TICKET, 0);
        assertThat(on(new HostingEvent.PlaceAsked(2, OTHER, List.of(0))))
                .containsExactly(new HostingEffect.Refuse(2, "busy with another run"));
        assertThat(on(new HostingEvent.ConnectAsked(OTHER))).isEmpty();
        assertThat(on(new HostingEvent.ReleaseAsked(OTHER, "failed"))).isEmpty();
        assertThat(on(new HostingEvent.CoordinatorLost(2))).isEmpty();
        assertThat(on(new HostingEvent.ReleaseAsked(TICKET, "enough"))).hasSize(2);
    }

    @Test
    void whatComesLateOfARunThatCameTwiceDoesNotTouchTheSecond() {
        hold(1, TICKET, 0);
        on(new HostingEvent.ConnectAsked(TICKET));
        on(new HostingEvent.ReleaseAsked(TICKET, "enough"));
        on(new HostingEvent.RankReleased(1, 0));
        on(new HostingEvent.Freed(1));
        hold(2, TICKET, 0);
        assertThat(on(new HostingEvent.LinksAnswered(1, Optional.of("closed")))).isEmpty();
        assertThat(on(new HostingEvent.RankEnded(1, 0))).isEmpty();
        assertThat(on(new HostingEvent.CoordinatorLost(1))).isEmpty();
        assertThat(on(new HostingEvent.CoordinatorLost(2)))
                .contains(new HostingEffect.ReleaseRank(0, "the coordinator is gone"));
    }

    @Test
    void aStageThatDiesIsReportedAndNotWaitedFor() {
        hold(1, TICKET, 0, 1);
        assertThat(on(new HostingEvent.RankEnded(1, 1))).containsExactly(new HostingEffect.ReportDied(1));
        assertThat(on(new HostingEvent.ReleaseAsked(TICKET, "failed")))
                .containsExactly(new HostingEffect.RefuseArrivals(), new HostingEffect.ReleaseRank(0, "failed"));
        assertThat(on(new HostingEvent.RankEnded(1, 0)))
                .as("it died instead of answering")
                .containsExactly(new HostingEffect.Free());
    }

    @Test
    void aFeederEndsBeforeAnyStageLetsGo() {
        feed(1, TICKET, 0);
        assertThat(on(new HostingEvent.ReleaseAsked(TICKET, "enough"))).containsExactly(new HostingEffect.StopFeeder());
        assertThat(on(new HostingEvent.ReleaseAsked(TICKET, "again"))).isEmpty();
        assertThat(on(new HostingEvent.FeederEnded(1)))
                .containsExactly(new HostingEffect.RefuseArrivals(), new HostingEffect.ReleaseRank(0, "enough"));
        assertThat(on(new HostingEvent.RankReleased(1, 0))).containsExactly(new HostingEffect.Free());
    }

    @Test
    void aFeederThatHasEndedIsReportedAndNotStoppedAgain() {
        feed(1, TICKET, 0);
        assertThat(on(new HostingEvent.FeederEnded(9))).isEmpty();
        assertThat(on(new HostingEvent.FeederEnded(1))).containsExactly(new HostingEffect.ReportFeederEnded());
        assertThat(on(new HostingEvent.CoordinatorLost(1)))
                .containsExactly(
                        new HostingEffect.RefuseArrivals(),
                        new HostingEffect.ReleaseRank(0, "the coordinator is gone"));
    }

    @Test
    void aRunThatCannotBeBuiltLeavesTheWorkerFree() {
        on(new HostingEvent.PlaceAsked(1, TICKET, List.of(0)));
        assertThat(on(new HostingEvent.NotBuilt(1))).isEmpty();
        hold(2, OTHER, 0);
    }

    @Test
    void aWorkerLeavesWhenItIsFree() {
        hold(1, TICKET, 0);
        assertThat(on(new HostingEvent.LeaveAsked())).isEmpty();
        on(new HostingEvent.ReleaseAsked(TICKET, "enough"));
        on(new HostingEvent.RankReleased(1, 0));
        assertThat(on(new HostingEvent.Freed(1)))
                .containsExactly(new HostingEffect.ReportReleased("enough"), new HostingEffect.Leave());
    }

    @Test
    void aWorkerThatHasToGoSaysSoOnceAndTakesNothingMore() {
        hold(1, TICKET, 0);
        assertThat(on(new HostingEvent.HandOverAsked())).containsExactly(new HostingEffect.ReportLeaving());
        assertThat(on(new HostingEvent.HandOverAsked())).isEmpty();
        assertThat(on(new HostingEvent.PlaceAsked(2, OTHER, List.of(0))))
                .containsExactly(new HostingEffect.Refuse(2, "about to end"));
        on(new HostingEvent.ReleaseAsked(TICKET, "the run goes on with other stages"));
        on(new HostingEvent.RankReleased(1, 0));
        assertThat(on(new HostingEvent.Freed(1))).last().isEqualTo(new HostingEffect.Leave());
    }

    @Test
    void aWorkerThatHasToGoWhileItsRunLetsGoSaysNothing() {
        hold(1, TICKET, 0);
        on(new HostingEvent.ReleaseAsked(TICKET, "enough"));
        assertThat(on(new HostingEvent.HandOverAsked())).isEmpty();
        on(new HostingEvent.RankReleased(1, 0));
        assertThat(on(new HostingEvent.Freed(1))).last().isEqualTo(new HostingEffect.Leave());
    }

    @Test
    void aFreeWorkerThatHasToGoGoes() {
        assertThat(on(new HostingEvent.HandOverAsked())).containsExactly(new HostingEffect.Leave());
    }

    /** That it was wanted no longer is another matter: its run needed it. */
    @Test
    void aWorkerThatWasToEndWhenFreeMayHaveToGoBefore() {
        hold(1, TICKET, 0);
        on(new HostingEvent.LeaveAsked());
        assertThat(on(new HostingEvent.HandOverAsked())).containsExactly(new HostingEffect.ReportLeaving());
    }

    @Test
    void stagesThatAreBuiltMeanwhileFindAnotherPlaceToo() {
        on(new HostingEvent.PlaceAsked(1, TICKET, List.of(0)));
        assertThat(on(new HostingEvent.HandOverAsked())).isEmpty();
        assertThat(on(new HostingEvent.Built(1))).containsExactly(new HostingEffect.ReportLeaving());
    }

    /** Requests, answers and losses in any order: {@link World} holds what must be true after each. */
    @Test
    void whateverTheOrderEveryRunIsAnsweredAndLetGoOnce() {
        int held = 0;
        for (int seed = 0; seed < 300; seed++) {
            World world = new World(new Random(seed), "seed " + seed);
            for (int step = 0; step < 150; step++) {
                world.step();
            }
            world.end();
            held += world.held;
        }
        assertThat(held).as("runs that were held").isGreaterThan(1000);
    }

    private void hold(int placement, RunTicket ticket, Integer... stages) {
        assertThat(on(new HostingEvent.PlaceAsked(placement, ticket, List.of(stages))))
                .containsExactly(new HostingEffect.Build(placement));
        on(new HostingEvent.Built(placement));
    }

    private void feed(int placement, RunTicket ticket, Integer... stages) {
        on(new HostingEvent.PlaceAsked(placement, ticket, List.of(stages)));
        on(new HostingEvent.Built(placement, true));
    }

    private List<HostingEffect> on(HostingEvent event) {
        return machine.on(event);
    }

    /** Coordinators, stages and sockets, as badly timed as they can be. */
    private static final class World {
        private final WorkerMachine machine = new WorkerMachine();
        private final List<HostingEvent> underWay = new ArrayList<>();
        private final Set<Integer> alive = new TreeSet<>();
        private final Random random;
        private final String seed;
        private int placements;
        private int current;
        private RunTicket ticket = TICKET;
        private int held;
        private boolean holds;
        private boolean feeds;
        private boolean leaves;

        World(Random random, String seed) {
            this.random = random;
            this.seed = seed;
        }

        void step() {
            switch (random.nextInt(6)) {
                case 0 -> ask();
                case 1 -> on(new HostingEvent.ConnectAsked(anyTicket()));
                case 2 -> on(new HostingEvent.CoordinatorLost(1 + random.nextInt(placements + 1)));
                case 3 -> on(new HostingEvent.ReleaseAsked(anyTicket(), "enough"));
                default -> deliver();
            }
            if (random.nextInt(10) == 0 && !alive.isEmpty()) {
                die();
            }
            if (random.nextInt(20) == 0 && feeds) {
                underWay.remove(new HostingEvent.FeederEnded(current));
                feeds = false;
                on(new HostingEvent.FeederEnded(current));
            }
        }

        /** Everybody lets go: the worker must become free, and leave. */
        void end() {
            on(new HostingEvent.ReleaseAsked(ticket, "the end"));
            while (!underWay.isEmpty()) {
                deliver();
            }
            assertThat(machine.free()).as(seed).isTrue();
            on(new HostingEvent.LeaveAsked());
            assertThat(leaves).as(seed).isTrue();
        }

        private void ask() {
            RunTicket wanted = anyTicket();
            int placement = ++placements;
            boolean free = machine.free();
            List<HostingEffect> answer = machine.on(new HostingEvent.PlaceAsked(placement, wanted, List.of(0, 1, 2)));
            assertThat(answer)
                    .as(seed)
                    .containsExactly(
                            free
                                    ? new HostingEffect.Build(placement)
                                    : new HostingEffect.Refuse(placement, "busy with another run"));
            if (free) {
                if (random.nextInt(4) == 0) {
                    on(new HostingEvent.NotBuilt(placement));
                } else {
                    assertThat(holds).as(seed + ": two runs at once").isFalse();
                    holds = true;
                    held++;
                    current = placement;
                    ticket = wanted;
                    alive.addAll(List.of(0, 1, 2));
                    feeds = random.nextBoolean();
                    on(new HostingEvent.Built(placement, feeds));
                }
            }
        }

        private RunTicket anyTicket() {
            return random.nextBoolean() ? TICKET : OTHER;
        }

        private void die() {
            int rank = alive.iterator().next();
            alive.remove(rank);
            underWay.removeIf(event -> event instanceof HostingEvent.RankReleased answer
                    && answer.placement() == current
                    && answer.rank() == rank);
            on(new HostingEvent.RankEnded(current, rank));
        }

        private void deliver() {
            if (!underWay.isEmpty()) {
                HostingEvent event = underWay.remove(random.nextInt(underWay.size()));
                feeds &= !event.equals(new HostingEvent.FeederEnded(current));
                on(event);
            }
        }

        private void on(HostingEvent event) {
            machine.on(event).forEach(this::perform);
        }

        private void perform(HostingEffect effect) {
            assertThat(holds || effect instanceof HostingEffect.Leave)
                    .as("%s: %s without a run", seed, effect)
                    .isTrue();
            switch (effect) {
                case HostingEffect.OpenLinks open ->
                    underWay.add(new HostingEvent.LinksAnswered(
                            current, random.nextBoolean() ? Optional.empty() : Optional.of("refused")));
                case HostingEffect.ReleaseRank release -> {
                    assertThat(feeds)
                            .as(seed + ": a stage lets go that is still fed")
                            .isFalse();
                    assertThat(alive).as(seed).contains(release.rank());
                    underWay.add(new HostingEvent.RankReleased(current, release.rank()));
                }
                case HostingEffect.Free free -> {
                    assertThat(underWay)
                            .as("%s: freed before all stages let go", seed)
                            .noneMatch(event ->
                                    event instanceof HostingEvent.RankReleased answer && answer.placement() == current);
                    alive.forEach(rank -> underWay.add(new HostingEvent.RankEnded(current, rank)));
                    alive.clear();
                    underWay.add(new HostingEvent.Freed(current));
                }
                case HostingEffect.ReportReleased released -> holds = false;
                case HostingEffect.Leave leave -> leaves = true;
                case HostingEffect.Refuse refuse -> throw new AssertionError(seed + ": " + refuse);
                case HostingEffect.Build build -> throw new AssertionError(seed + ": " + build);
                case HostingEffect.ReportConnected connected -> {}
                case HostingEffect.ReportUnconnected failed -> {}
                case HostingEffect.StopFeeder stop -> {
                    assertThat(feeds).as(seed + ": there is no feeder").isTrue();
                    underWay.add(new HostingEvent.FeederEnded(current));
                }
                case HostingEffect.ReportFeederEnded ended ->
                    assertThat(feeds).as(seed).isFalse();
                case HostingEffect.ReportDied died -> {}
                case HostingEffect.ReportLeaving leaving -> throw new AssertionError(seed + ": " + leaving);
                case HostingEffect.RefuseArrivals refuse -> {}
            }
        }
    }
}
