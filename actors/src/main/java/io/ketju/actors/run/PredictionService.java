package io.ketju.actors.run;

import io.ketju.tensor.Plural;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Predictions for many callers at once: samples that wait go through the model together, which takes it less time than one by
 * one. Every prediction has the bits that it has alone. For models with one input of float32; {@link TrainedModel} predicts for
 * others, from any thread, one call at a time.
 *
 * <p>Thread-safe, virtual threads included. A sample that the model does not take is refused at the call. When more than
 * {@link Limits#mostWaiting} wait the service says so at once rather than let them wait for ever. It owns one thread, and the model
 * from {@link #open} on: {@link #close} closes both.
 */
public final class PredictionService implements AutoCloseable {
    /**
     * How much of what.
     *
     * @param mostTogether samples that go through the model at once, at least 1
     * @param patience how long the first of them may wait for others; none where each is answered as soon as can be: those that
     *     come while the model is at work go together anyway
     * @param mostWaiting samples that may wait, at least {@code mostTogether}
     */
    public record Limits(int mostTogether, Duration patience, int mostWaiting) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is too small, or the patience negative
         */
        public Limits {
            if (mostTogether < 1 || patience.isNegative() || mostWaiting < mostTogether) {
                throw new IllegalArgumentException(
                        "expected at least 1 sample together, no negative patience and room for"
                                + " as many to wait, found " + mostTogether + ", " + patience + " and " + mostWaiting);
            }
        }
    }

    /**
     * What a service has done.
     *
     * @param samples predicted
     * @param batches passes through the model
     * @param refused samples for which there was no room
     */
    public record Counts(long samples, long batches, long refused) {}

    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Request(float[] sample, CompletableFuture<float[]> answer) {}

    private final TrainedModel model;
    private final Limits limits;
    private final BlockingQueue<Request> waiting;
    private final Thread thread;
    private final LongAdder samples = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean closed;

    private PredictionService(TrainedModel model, Limits limits) {
        this.model = model;
        this.limits = limits;
        waiting = new LinkedBlockingQueue<>(limits.mostWaiting());
        thread = Thread.ofPlatform().name("ketju-predictions").daemon().unstarted(this::work);
    }

    /**
     * {@return a service of as many samples as the model takes at once, without patience, with room for sixteen times as many to wait}
     *
     * @param model the service's from now on, who closes it
     */
    public static PredictionService open(TrainedModel model) {
        int together = model.samplesAtOnce();
        return open(model, new Limits(together, Duration.ZERO, 16 * together));
    }

    /**
     * {@return a service with limits of one's own} Call {@link TrainedModel#warmUp} before, if the first request is not to wait.
     *
     * @param model the service's from now on, who closes it
     * @param limits how many samples go together, and may wait
     */
    public static PredictionService open(TrainedModel model, Limits limits) {
        PredictionService service = new PredictionService(model, limits);
        service.thread.start();
        return service;
    }

    /**
     * {@return the prediction of one sample, as {@link TrainedModel#predict(float[])} has it; waits for it}
     *
     * @param sample row-major, as many values as the model's input shape has
     * @throws IllegalArgumentException if the model does not take the sample
     * @throws IllegalStateException if the model takes other inputs than one of float32
     * @throws RejectedExecutionException if too many wait, or the service is closed
     */
    public float[] predict(float[] sample) {
        try {
            return submit(sample).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * {@return the same without waiting; the answer comes on the service's thread}
     *
     * @param sample row-major, as many values as the model's input shape has; copied
     * @throws IllegalArgumentException if the model does not take the sample
     * @throws IllegalStateException if the model takes other inputs than one of float32
     * @throws RejectedExecutionException if too many wait, or the service is closed
     */
    public CompletableFuture<float[]> submit(float[] sample) {
        model.requireSample(sample);
        Request request = new Request(sample.clone(), new CompletableFuture<>());
        if (closed || !waiting.offer(request)) {
            refused.increment();
            throw new RejectedExecutionException(
                    closed
                            ? "the prediction service is closed"
                            : Plural.of(limits.mostWaiting(), "sample") + " wait already; try again later");
        }
        if (closed && waiting.remove(request)) { // closed in between: nobody else would answer
            refused.increment();
            throw new RejectedExecutionException("the prediction service is closed");
        }
        return request.answer();
    }

    /** {@return what has been done so far} */
    public Counts counts() {
        return new Counts(samples.sum(), batches.sum(), refused.sum());
    }

    /** Answers what waits, then ends the thread and closes the model. A second call does nothing. */
    @Override
    public void close() {
        synchronized (thread) {
            if (closed) {
                return;
            }
            closed = true;
        }
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        model.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        List<Request> together = new ArrayList<>();
        while (!closed || !waiting.isEmpty()) {
            try {
                gather(together);
            } catch (InterruptedException e) {
                // Closed: what waits is answered without any more patience.
                waiting.drainTo(together, limits.mostTogether() - together.size());
            }
            if (!together.isEmpty()) {
                answer(together);
                together.clear();
            }
        }
    }

    private void gather(List<Request> together) throws InterruptedException {
        Request first = closed ? waiting.poll() : waiting.take();
        if (first == null) {
            return;
        }
        together.add(first);
        waiting.drainTo(together, limits.mostTogether() - 1);
        // Whoever closes the service interrupts this thread: what was decided before that is no longer waited for.
        long deadline = System.nanoTime() + (closed ? 0 : limits.patience().toNanos());
        while (together.size() < limits.mostTogether()) {
            Request next = waiting.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return;
            }
            together.add(next);
        }
    }

    private void answer(List<Request> together) {
        try {
            float[][] answers =
                    model.predict(together.stream().map(Request::sample).toArray(float[][]::new));
            samples.add(together.size());
            batches.increment();
            for (int i = 0; i < answers.length; i++) {
                together.get(i).answer().complete(answers[i]);
            }
        } catch (RuntimeException | Error e) {
            together.forEach(request -> request.answer().completeExceptionally(e));
        }
    }
}
