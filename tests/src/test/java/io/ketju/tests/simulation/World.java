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
import java.util.function.Supplier;
import org.apache.pekko.dispatch.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * One thread in place of all threads, and one clock in place of all clocks. What is to run is drawn by the seed from all that
 * is ready; when nothing is, time goes on to the next timer. Two worlds of the same seed are the same, step by step, which
 * {@link #trace} tells.
 */
final class World implements AutoCloseable {
    private static final Map<String, World> OPEN = new ConcurrentHashMap<>();

    /** Something ready to run, on a node. */
    record Task(Node node, Runnable work) {}

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
    private final Set<Bug> bugs;
    private final SplittableRandom order;
    private final SplittableRandom delays;
    private final Thread owner = Thread.currentThread();
    private final List<Task> ready = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Network network = new Network(this);
    private BiConsumer<Node, Object> listener = (node, message) -> {};
    private @Nullable ExecutorService booting;
    private Node current;
    private long now;
    private long timersMade;
    private long steps;
    private long trace;
    private int strangers;
    private volatile boolean lent;

    /** What has no node of its own: the system's own actors, the network. */
    final Node nowhere = new Node("nowhere");

    /**
     * @param id what the settings of its actor system call it
     * @param bugs that are planted in it
     */
    World(String id, long seed, Set<Bug> bugs) {
        this.id = id;
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

    boolean has(Bug bug) {
        return bugs.contains(bug);
    }

    Network network() {
        return network;
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
        if (Thread.currentThread() != owner && !lent) {
            strangers++;
        }
        submit(new Task(work instanceof Mailbox mailbox ? nodeOf(mailbox) : current, work));
    }

    private void submit(Task task) {
        if (task.node().alive()) {
            ready.add(task);
        }
    }

    /** The node whose tree an actor is in: its first name. */
    Node nodeOf(org.apache.pekko.actor.ActorPath path) {
        org.apache.pekko.actor.ActorPath top = path;
        while (top.parent() != top.root() && top.parent().parent() != top.root()) {
            top = top.parent();
        }
        return nodes.getOrDefault(top.name(), nowhere);
    }

    private Node nodeOf(Mailbox mailbox) {
        return nodeOf(mailbox.actor().self().path());
    }

    /** Runs something on a node after a time. */
    Timer after(long nanos, Node node, Runnable work) {
        Timer timer = new Timer(now + Math.max(0, nanos), timersMade++, new Task(node, work));
        timers.add(timer);
        return timer;
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
            Task task = ready.get(drawn);
            ready.set(drawn, ready.getLast());
            ready.removeLast();
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
