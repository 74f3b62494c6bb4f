package io.ketju.tests.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.dispatch.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * One thread in place of all threads, and one clock in place of all clocks. What is to run is drawn by the seed from all that
 * is ready; when nothing is, time goes on to the next timer. Two worlds of the same seed are the same, step by step, which
 * {@link #trace} tells.
 */
final class World implements AutoCloseable {
    private static final Map<String, World> OPEN = new ConcurrentHashMap<>();

    /**
     * Something ready to run, on a node.
     *
     * @param name by which what is ready is sorted before it is drawn from: who is told first of two may be up to an address
     *     in memory, and must not be seen
     */
    record Task(Node node, String name, Runnable work) {}

    /** Something that becomes ready later. */
    static final class Timer implements Comparable<Timer> {
        private final long at;
        private final long order;
        private final Task task;
        boolean cancelled;
        boolean fired;

        private Timer(long at, long order, Task task) {
            this.at = at;
            this.order = order;
            this.task = task;
        }

        @Override
        public int compareTo(Timer other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final String id;
    private final long seed;
    private final Set<Bug> bugs;
    private final SplittableRandom order;
    private final SplittableRandom delays;
    private final Thread owner = Thread.currentThread();
    private final List<Task> ready = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Network network = new Network(this);
    private final MessageFaults messageFaults = new MessageFaults(this);
    private @Nullable Object arriving;
    private BiConsumer<Node, Object> listener = (node, message) -> {};
    private @Nullable ExecutorService booting;
    private Node current;
    private long now;
    private long timersMade;
    private long steps;
    private long trace;
    private int strangers;
    private volatile boolean lent;
    private BooleanSupplier turn = this::step;

    /** What has no node of its own: the system's own actors, the network. */
    final Node nowhere = new Node("nowhere");

    /**
     * @param id what the settings of its actor system call it
     * @param bugs that are planted in it
     */
    World(String id, long seed, Set<Bug> bugs) {
        this.id = id;
        this.seed = seed;
        this.bugs = Set.copyOf(bugs);
        SplittableRandom all = new SplittableRandom(seed);
        this.order = all.split();
        this.delays = all.split();
        this.current = nowhere;
        this.trace = seed;
        this.booting = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("simulation-boot").factory());
        OPEN.put(id, this);
    }

    /** The world that an actor system with these settings lives in. */
    static World of(String id) {
        World world = OPEN.get(id);
        if (world == null) {
            throw new IllegalStateException("no world " + id);
        }
        return world;
    }

    /** The actor system stands: from here on everything runs by {@link #step} alone. */
    void begin() throws InterruptedException {
        ExecutorService boot = booting;
        if (boot == null) {
            throw new IllegalStateException("begun before");
        }
        // What the last task submitted stands before the second latch, and so on: starting takes few rounds.
        for (int round = 0; round < 10; round++) {
            CountDownLatch idle = new CountDownLatch(1);
            boot.execute(idle::countDown);
            idle.await();
        }
        synchronized (this) {
            booting = null;
        }
        boot.shutdown();
        timers.clear();
        timersMade = 0;
    }

    void add(Node node) {
        nodes.put(node.name(), node);
    }

    Node node(String name) {
        return nodes.getOrDefault(name, nowhere);
    }

    /** How all goes on while a thread of a node waits: a step, and whatever follows each. False: it does not. */
    void meanwhile(BooleanSupplier next) {
        turn = next;
    }

    boolean has(Bug bug) {
        return bugs.contains(bug);
    }

    Network network() {
        return network;
    }

    MessageFaults messageFaults() {
        return messageFaults;
    }

    /** Hands over a message that has come from another node. */
    void arriving(Object message, Runnable deliver) {
        arriving = message;
        try {
            deliver.run();
        } finally {
            arriving = null;
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very message, not one like it
    boolean isArriving(Object message) {
        return arriving == message;
    }

    /** Hears of every message that an actor is about to take up. */
    void listen(BiConsumer<Node, Object> heard) {
        listener = heard;
    }

    /** An actor of this node is about to take up a message. */
    void taken(Node node, Object message) {
        note(message.getClass().isHidden() ? "hidden" : message.getClass().getSimpleName());
        listener.accept(node, message);
    }

    /** Where the code that asks runs. */
    Node current() {
        return current;
    }

    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    /** Hash of all that happened so far. */
    long trace() {
        return trace;
    }

    /** Submissions by threads that are none of this world's: what they do cannot be repeated. */
    int strangers() {
        return strangers;
    }

    /** Numbers of the seed and of this name alone: nobody else draws from them. */
    SplittableRandom random(String name) {
        return new SplittableRandom(seed * 31 + name.hashCode());
    }

    /** From zero to less than this, by the seed. */
    long delay(long bound) {
        return delays.nextLong(bound);
    }

    void note(Object what) {
        trace = (trace ^ what.hashCode()) * 0x100000001b3L;
        trace ^= trace >>> 29;
    }

    synchronized void submit(Runnable work) {
        ExecutorService boot = booting;
        if (boot != null) {
            boot.execute(work);
            return;
        }
        if (!Thread.currentThread().equals(owner) && !lent) {
            strangers++;
        }
        submit(
                work instanceof Mailbox mailbox
                        ? task(mailbox.actor().self().path(), work)
                        : new Task(current, current.name(), work));
    }

    private Task task(ActorPath path, Runnable work) {
        return new Task(nodeOf(path), path.toStringWithoutAddress(), work);
    }

    private void submit(Task task) {
        if (task.node().alive()) {
            int place = ready.size();
            while (place > 0 && ready.get(place - 1).name().compareTo(task.name()) > 0) {
                place--;
            }
            ready.add(place, task);
        }
    }

    /** The node whose tree an actor is in: its first name. */
    Node nodeOf(ActorPath path) {
        ActorPath top = path;
        while (!top.parent().equals(top.root()) && !top.parent().parent().equals(top.root())) {
            top = top.parent();
        }
        return nodes.getOrDefault(top.name(), nowhere);
    }

    /** Runs something on a node after a time. */
    Timer after(long nanos, Node node, Runnable work) {
        Timer timer = new Timer(now + Math.max(0, nanos), timersMade++, new Task(node, node.name(), work));
        timers.add(timer);
        return timer;
    }

    /**
     * A thread of this node waits, and all else goes on.
     *
     * @param wanted null as long as it is not there
     * @return that; null if it has not come after this time
     */
    <T> @Nullable T await(Supplier<@Nullable T> wanted, long nanos) {
        Node node = current;
        Timer longest = after(nanos, nowhere, () -> {});
        while (node.alive()) {
            T found = node.paused() ? null : wanted.get();
            if (found != null || (longest.fired && !node.paused())) {
                longest.cancelled = true;
                return found;
            }
            if (!turn.getAsBoolean()) {
                break;
            }
        }
        throw new NodeDied(node);
    }

    /** Calls something that works on threads of its own while this one waits for it. */
    <T> T lend(Supplier<T> work) {
        lent = true;
        try {
            return work.get();
        } finally {
            lent = false;
        }
    }

    /** Runs something at once, as that node. */
    void as(Node node, Runnable work) {
        Node before = current;
        current = node;
        try {
            work.run();
        } finally {
            current = before;
        }
    }

    /** Runs one thing that is ready, or lets time pass to the next timer; false if nothing is left. */
    boolean step() {
        steps++;
        Task task = draw();
        if (task != null) {
            note(task.node().name());
            as(task.node(), task.work());
            return true;
        }
        Timer timer = timers.poll();
        if (timer == null) {
            return false;
        }
        now = Math.max(now, timer.at);
        timer.fired = true;
        if (!timer.cancelled) {
            submit(timer.task);
        }
        return true;
    }

    private @Nullable Task draw() {
        while (!ready.isEmpty()) {
            int drawn = order.nextInt(ready.size());
            Task task = ready.remove(drawn);
            if (task.node().paused()) {
                task.node().park(task);
            } else if (task.node().alive()) {
                return task;
            }
        }
        return null;
    }

    /** A node that stood still goes on with what came meanwhile. */
    void resume(Node node) {
        node.resumed().forEach(this::submit);
    }

    @Override
    public void close() {
        OPEN.remove(id);
    }
}
