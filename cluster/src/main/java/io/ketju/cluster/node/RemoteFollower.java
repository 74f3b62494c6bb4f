package io.ketju.cluster.node;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.message.StandbyReport;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.standby.Follower;
import io.ketju.actors.standby.Parcel;
import io.ketju.actors.standby.Shipment;
import io.ketju.tensor.memory.TensorLease;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * A process elsewhere that keeps a copy of the run's folder, as its driver sees it. What does not come there by one way is sent by another,
 * as long as the cluster has that process; one that is there and does not answer is given up after a while in which this process did not
 * stand still: the cluster takes less to find out that somebody is cut off, so that nobody is given up who might take the run over.
 */
final class RemoteFollower implements Follower {
    /** From one look whether there is something to the next. */
    static final Duration LOOK = Duration.ofMillis(100);

    /** Looks without any progress after which it is given up: half a minute. */
    static final int MOST_LOOKS = 300;

    private static final int BYTES_PER_LOOK = 4 << 20;
    private static final int MOST_WAYS = 5;
    private static final int LOOKS_PER_QUESTION = 10;

    /** What a follower has of its run's process. */
    interface Driver {
        /** Asks it to follow, by this way. */
        void ask(ActorRef<StandbyCommand> standby, long way);

        /** Tells it how the run was left. */
        void tellEnd(ActorRef<StandbyCommand> standby, long way, DriverNote.End end);

        /** A way of parcels. */
        CompletableFuture<PieceLink> open(long way, InetSocketAddress to);

        /** Whether the node at {@code host:port} is in the cluster. */
        boolean isMember(String node);

        /** Whether this process is, and may so say of others that they are not. */
        boolean isUp();
    }

    /** It is known what comes of it. */
    private static final class Decided extends IOException {
        private final transient Answer answer;

        Decided(Answer answer) {
            super(answer.toString());
            this.answer = answer;
        }
    }

    private final ActorRef<StandbyCommand> standby;
    private final String address;
    private final Driver driver;
    private final PieceSender pieces;
    private final long lookMillis;
    private final BlockingQueue<StandbyReport> reports = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> endHeard = new CompletableFuture<>();
    private volatile long way = number();
    private volatile boolean lost;
    private volatile boolean endTold;
    private @Nullable PieceLink link;
    private long nextFile;
    private long nextParcel;
    private int looks;
    private int mostLooks;

    /**
     * @param address where its node is reached: {@code host:port}
     * @param pieces for what is sent to it alone; stays the caller's
     * @param look from one to the next
     */
    RemoteFollower(ActorRef<StandbyCommand> standby, String address, Driver driver, PieceSender pieces, Duration look) {
        this.lookMillis = look.toMillis();
        this.standby = standby;
        this.address = address;
        this.driver = driver;
        this.pieces = pieces;
    }

    /** Nobody else knows the number of a way. */
    private static long number() {
        return UUID.randomUUID().getMostSignificantBits();
    }

    /** Asks whether it keeps a copy, or has the folder. */
    void ask() {
        driver.ask(standby, way);
    }

    String address() {
        return address;
    }

    /** Number of the way that leads to it now. */
    long way() {
        return way;
    }

    /** Whether nothing more comes there by this follower: another one may, of the same process. */
    boolean lost() {
        return lost;
    }

    /** Whether it was told how the run has ended. */
    boolean endTold() {
        return endTold;
    }

    /** Completes when it knows how the run has ended. */
    CompletableFuture<Boolean> endHeard() {
        return endHeard;
    }

    /** It has said something, by the way that leads to it now. */
    void heard(StandbyReport report) {
        if (report instanceof StandbyReport.EndHeard) {
            endHeard.complete(true);
        } else {
            reports.add(report);
        }
    }

    @Override
    public String name() {
        return "the node at " + address + ", which stands by,";
    }

    @Override
    public void ended(DriverNote.End end) {
        endTold = true;
        driver.tellEnd(standby, way, end);
    }

    @Override
    public Answer keep(Shipment shipment) {
        looks = 0;
        mostLooks = mostLooks(shipment.parcel());
        String cause = "";
        for (int ways = 0; ways < MOST_WAYS; ways++) {
            try {
                send(shipment);
                return new Kept();
            } catch (Decided decided) {
                return over(decided.answer);
            } catch (IOException e) {
                cause = String.valueOf(e.getMessage());
                close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return over(new Unknown("this process ends"));
            }
        }
        return over(new GivenUp(cause));
    }

    /** The copy is read back when all has come: that takes time, in which nothing is heard. */
    private static int mostLooks(Parcel parcel) {
        long bytes = parcel.files().stream().mapToLong(Parcel.Item::bytes).sum();
        return (int) (MOST_LOOKS + bytes / BYTES_PER_LOOK);
    }

    private Answer over(Answer answer) {
        lost = true;
        close();
        return answer;
    }

    private void send(Shipment shipment) throws IOException, InterruptedException {
        PieceLink to = link;
        if (to == null) {
            to = connect();
            link = to;
        }
        nextFile = shipment.send(new Watched(to), pieces, nextFile);
        long parcel = nextParcel;
        nextParcel++;
        while (!(next() instanceof StandbyReport.Kept kept && kept.parcel() == parcel)) {
            to.requireWhole();
        }
    }

    private PieceLink connect() throws IOException, InterruptedException {
        way = number();
        reports.clear();
        nextFile = 0;
        nextParcel = 0;
        StandbyReport.Ready ready = null;
        for (int look = 0; ready == null; look++) {
            if (look % LOOKS_PER_QUESTION == 0) {
                ask();
            }
            if (next() instanceof StandbyReport.Ready there) {
                ready = there;
            }
        }
        CompletableFuture<PieceLink> opened = driver.open(way, ready.data());
        while (true) {
            try {
                return opened.get(lookMillis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                look();
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw new IOException(String.valueOf(cause.getMessage()), e);
            }
        }
    }

    /** What it says next; null: nothing for a moment. */
    private @Nullable StandbyReport next() throws IOException, InterruptedException {
        StandbyReport report = reports.poll(lookMillis, TimeUnit.MILLISECONDS);
        switch (report) {
            case null -> look();
            case StandbyReport.TakenOver taken -> throw new Decided(new TookOver(taken.start()));
            case StandbyReport.Refused refused -> throw new Decided(new GivenUp(refused.cause()));
            case StandbyReport.Left left -> throw new Decided(new GivenUp("it stands by no more"));
            case StandbyReport.SharesFolder shares -> throw new Decided(new GivenUp("it has the run's own folder"));
            default -> {}
        }
        return report;
    }

    /** Some time has gone by, and nothing has come of it. */
    private void look() throws IOException {
        looks++;
        if (!driver.isUp()) {
            throw new Decided(new Unknown("this node is not in the cluster any more"));
        }
        if (!driver.isMember(address)) {
            throw new Decided(new GivenUp("it is not in the cluster any more"));
        }
        if (looks >= mostLooks) {
            throw new Decided(new GivenUp("it has not answered for " + mostLooks * lookMillis / 1000 + " s"));
        }
    }

    private void close() {
        if (link != null) {
            link.close();
            link = null;
        }
    }

    /** A piece that has left is progress; without, somebody looks whether there is still any. */
    private final class Watched implements PieceLink {
        private final PieceLink to;

        Watched(PieceLink to) {
            this.to = to;
        }

        @Override
        public void send(PieceKey key, TensorLease lease) {
            looks = 0;
            to.send(key, lease);
        }

        @Override
        public void requireWhole() throws IOException {
            to.requireWhole();
            look();
        }

        @Override
        public void close() {
            to.close();
        }
    }
}
