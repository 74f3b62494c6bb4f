package io.ketju.examples.cartpole;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.Named;
import io.ketju.examples.lesson.Points;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.zoo.PolicyNetwork;
import io.ketju.layers.optimizer.Adam;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Plays, and learns from what it has played: a session with two networks, one that acts and one that knows what to expect. */
final class Learner implements AutoCloseable {
    private static final int AT_ONCE = 16;
    private static final int HIDDEN = 32;
    private static final double GAMMA = 0.99;

    /** Expected rewards are of the order of 1 when divided by this. */
    private static final float SCALE = 50;

    private final TrainingSession session;
    private final CounterRandom start;
    private final CounterRandom draws;
    private long played;

    Learner(long seed) {
        this(seed, Ketju.session(job(seed).build()));
    }

    /** Plays the games of the seed, and learns by a session of its job, wherever that runs; it is closed with this. */
    Learner(long seed, TrainingSession session) {
        this.session = session;
        start = CounterRandom.of(seed, "start");
        draws = CounterRandom.of(seed, "action");
    }

    // region job
    static JobBuilder job(long seed) {
        ModelBuilder model = new ModelBuilder();
        PolicyNetwork.Outputs given = new PolicyNetwork(Cart.STATES, HIDDEN, 2).in(model);
        Model both = model.head("policy", new PolicyGradientLoss(), List.of(given.scores()), "action", "advantage")
                .head("value", new MSELoss(), List.of(given.value()), "return")
                .output(given.scores())
                .output(given.value())
                .build();
        return Ketju.job()
                .model(both)
                .optimizer(new Adam(0.01))
                .stageBounds(List.of(0, 3, 6)) // the policy is one stage, the value another
                .batchSize(AT_ONCE * Cart.LONGEST)
                .microbatches(1)
                .seed(seed)
                .stepByStep();
    }
    // end region

    // region update
    /** Plays a few episodes and takes one step; the return of each episode. */
    double[] update() {
        Episodes episodes = Episodes.play(start, played, AT_ONCE, this::scores, Episodes.drawn(draws));
        played += AT_ONCE;
        float[] returns = episodes.discounted(GAMMA);
        float[] expected = Named.of(predict(episodes.states()), "value.2").floats();
        float[] advantages = new float[returns.length];
        for (int i = 0; i < returns.length; i++) {
            returns[i] /= SCALE;
            advantages[i] = returns[i] - expected[i]; // the baseline: how much better than expected
        }
        normalize(advantages);
        int steps = returns.length;
        session.report(
                "policy/return", Arrays.stream(episodes.returns()).average().orElse(0));
        session.step(Map.of(
                "state", states(episodes.states()),
                "action", TensorValues.of(episodes.actions(), steps),
                "advantage", TensorValues.of(advantages, steps),
                "return", TensorValues.of(returns, steps, 1)));
        return episodes.returns();
    }
    // end region

    /** Returns of fresh episodes in which the best action is taken; nothing is learnt. */
    double[] evaluate(int episodes) {
        return Episodes.play(start.stream("evaluation"), 0, episodes, this::scores, Episodes.best())
                .returns();
    }

    /** Episodes played so far. */
    long played() {
        return played;
    }

    String state() {
        return session.stateSha256().substring(0, 16);
    }

    @Override
    public void close() {
        session.close();
    }

    private float[][] scores(float[][] states) {
        return Points.rows(Named.of(predict(states), "policy.2").floats(), states.length);
    }

    private SequencedMap<String, TensorValues> predict(float[][] states) {
        return session.predict(Map.of("state", states(states)));
    }

    private static TensorValues states(float[][] states) {
        return TensorValues.of(Points.flat(states), states.length, Cart.STATES);
    }

    /** Mean 0 and deviation 1: the size of a step does not depend on how long episodes have become. */
    private static void normalize(float[] numbers) {
        double mean = 0;
        for (float number : numbers) {
            mean += number / numbers.length;
        }
        double squares = 0;
        for (float number : numbers) {
            squares += (number - mean) * (number - mean) / numbers.length;
        }
        double deviation = Math.sqrt(squares) + 1e-6;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) ((numbers[i] - mean) / deviation);
        }
    }
}
