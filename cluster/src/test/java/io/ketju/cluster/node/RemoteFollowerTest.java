package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.message.StandbyReport;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.standby.Follower;
import io.ketju.actors.standby.Shipment;
import io.ketju.tensor.memory.TensorLease;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a driver does for a process that keeps a copy, whatever that one answers. */
@Timeout(60)
class RemoteFollowerTest {
    private static final InetSocketAddress DATA = new InetSocketAddress(InetAddress.getLoopbackAddress(), 999);

    @TempDir
    private Path folder;

    private final ActorTestKit kit = ActorTestKit.create("ketju-follower-test");
    private final PieceSender pieces = new PieceSender();
    private final Scripted driver = new Scripted();
    private RemoteFollower follower;
    private Shipment shipment;

    @BeforeEach
    void make() throws IOException {
        Files.writeString(folder.resolve("job.conf"), "name = digits\n");
        shipment = Shipment.start(folder, 3, 2);
        ActorRef<StandbyCommand> standby = kit.<StandbyCommand>createTestProbe().getRef();
        follower = new RemoteFollower(standby, "a:1", driver, pieces, Duration.ofMillis(1));
    }

    @AfterEach
    void close() {
        pieces.close();
        kit.shutdownTestKit();
    }

    /** Stands for the other process: hears what it is asked, and what comes by each way. */
    private final class Scripted implements RemoteFollower.Driver {
        private final Set<Long> ways = new LinkedHashSet<>();
        private final List<PieceKey> came = new ArrayList<>();
        private BiConsumer<Long, Integer> onAsk = (way, times) -> follower.heard(new StandbyReport.Ready(way, DATA));
        private BiConsumer<Long, PieceKey> onPiece = (way, key) -> {};
        private boolean member = true;
        private boolean up = true;
        private int asked;
        private int broken;

        @Override
        public void ask(ActorRef<StandbyCommand> standby, long way) {
            asked++;
            ways.add(way);
            onAsk.accept(way, asked);
        }

        @Override
        public void tellEnd(ActorRef<StandbyCommand> standby, long way, DriverNote.End end) {
            follower.heard(new StandbyReport.EndHeard(way));
        }

        @Override
        public CompletableFuture<PieceLink> open(long way, InetSocketAddress to) {
            assertThat(to).isEqualTo(DATA);
            came.clear();
            return CompletableFuture.completedFuture(new PieceLink() {
                @Override
                public void send(PieceKey key, TensorLease lease) {
                    lease.close();
                    came.add(key);
                    onPiece.accept(way, key);
                }

                @Override
                public void requireWhole() throws IOException {
                    if (broken > 0) {
                        broken--;
                        throw new IOException("the connection was closed");
                    }
                }

                @Override
                public void close() {}
            });
        }

        @Override
        public boolean isMember(String node) {
            assertThat(node).isEqualTo("a:1");
            return member;
        }

        @Override
        public boolean isUp() {
            return up;
        }

        /** Has a parcel of two files kept when its last piece comes. */
        private void keeps() {
            onPiece = (way, key) -> {
                if (key.seal() && key.file() % 2 == 1) {
                    follower.heard(new StandbyReport.Kept(way, key.file() / 2));
                }
            };
        }
    }

    private static Follower.Answer kept() {
        return new Follower.Kept();
    }

    private static void givenUp(Follower.Answer answer, String why) {
        assertThat(answer).isEqualTo(new Follower.GivenUp(why));
    }

    @Test
    void whatIsKeptThereIsSaidToBe() {
        driver.keeps();
        assertThat(follower.keep(shipment)).isEqualTo(kept());
        assertThat(follower.keep(shipment)).isEqualTo(kept());
        assertThat(driver.ways).hasSize(1);
        assertThat(driver.came).extracting(PieceKey::file).containsExactly(0L, 0L, 1L, 1L, 2L, 2L, 3L, 3L);
    }

    @Test
    void whatABrokenWayHasNotBroughtComesByAnother() {
        driver.keeps();
        driver.broken = 2;
        assertThat(follower.keep(shipment)).isEqualTo(kept());
        assertThat(driver.ways).hasSize(3);
        assertThat(driver.came).extracting(PieceKey::file).containsExactly(0L, 0L, 1L, 1L);
    }

    @Test
    void waysThatBreakAgainAndAgainAreGivenUp() {
        driver.broken = Integer.MAX_VALUE;
        givenUp(follower.keep(shipment), "the connection was closed");
        assertThat(follower.lost()).isTrue();
    }

    /** It has all of it, or not: nobody knows. It is asked, and waited for, and then it is done without. */
    @Test
    void oneThatDoesNotAnswerIsGivenUp() {
        givenUp(follower.keep(shipment), "it has not answered for 0 s");
        driver.onAsk = (way, times) -> {};
        driver.asked = 0;
        givenUp(follower.keep(shipment), "it has not answered for 0 s");
        assertThat(driver.asked).isEqualTo(RemoteFollower.MOST_LOOKS / 10);
    }

    @Test
    void anAnswerThatComesLateIsOne() {
        driver.keeps();
        driver.onAsk = (way, times) -> {
            if (times == 7) {
                follower.heard(new StandbyReport.Ready(way, DATA));
            }
        };
        assertThat(follower.keep(shipment)).isEqualTo(kept());
        assertThat(driver.ways).hasSize(1);
    }

    @Test
    void oneThatIsNotInTheClusterIsGivenUpAtOnce() {
        driver.member = false;
        givenUp(follower.keep(shipment), "it is not in the cluster any more");
    }

    /** A driver that the others have shut out sees nobody, and may not take them for gone. */
    @Test
    void aDriverThatIsNotInTheClusterItselfDecidesNothing() {
        driver.member = false;
        driver.up = false;
        assertThat(follower.keep(shipment)).isEqualTo(new Follower.Unknown("this node is not in the cluster any more"));
    }

    @Test
    void whatItSaysOfItselfDecides() {
        driver.onPiece = (way, key) -> follower.heard(new StandbyReport.TakenOver(way, 4));
        assertThat(follower.keep(shipment)).isEqualTo(new Follower.TookOver(4));
        driver.onPiece = (way, key) -> follower.heard(new StandbyReport.Refused(way, "a full disk"));
        givenUp(follower.keep(shipment), "a full disk");
        driver.onPiece = (way, key) -> follower.heard(new StandbyReport.Left(way));
        givenUp(follower.keep(shipment), "it stands by no more");
    }

    @Test
    void itIsKnownWhetherItHeardOfTheEnd() {
        assertThat(follower.endTold()).isFalse();
        follower.ended(new DriverNote.End(DriverNote.Outcome.COMPLETE, "step 9"));
        assertThat(follower.endTold()).isTrue();
        assertThat(follower.endHeard()).isCompleted();
    }
}
