package io.ketju.examples.cartpole;

import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.plot.Chart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Example 24. */
public final class CartPole implements Example {
    private static final int SEEDS = 5;
    private static final int EPISODES = 100;
    private static final double SOLVED = 475;
    private static final int MOST_UPDATES = 300;

    @Override
    public String name() {
        return "cartpole";
    }

    @Override
    public String question() {
        return "How does a network learn what nobody can show it? A pole on a cart, by REINFORCE";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        lesson.print("%-8s%10s%10s%26s  %s", "seed", "updates", "episodes", "mean of 100 fresh ones", "state");
        Chart chart = new Chart("Return of 16 episodes", "update", "mean return");
        int solved = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            try (Learner learner = new Learner(seed)) {
                List<Double> curve = learn(learner);
                double mean = mean(learner.evaluate(EPISODES));
                lesson.print("%-8d%10d%10d%26.1f  %s", seed, curve.size(), learner.played(), mean, learner.state());
                chart.line(
                        "seed " + seed,
                        curve.stream().mapToDouble(Double::doubleValue).toArray());
                solved += mean >= SOLVED ? 1 : 0;
            }
        }
        lesson.print("");
        lesson.print("%d of %d seeds reach %.0f", solved, SEEDS, SOLVED);
        lesson.print("");
        Traffic.lines(Learner.job(1).build()).forEach(line -> lesson.print("%s", line));
        lesson.picture("returns", chart);
    }

    /** Until the last 100 episodes have given enough, each played as it was learnt from: the mean return of each update. */
    private static List<Double> learn(Learner learner) {
        List<Double> curve = new ArrayList<>();
        Deque<Double> last = new ArrayDeque<>();
        while (curve.size() < MOST_UPDATES) {
            double[] returns = learner.update();
            curve.add(mean(returns));
            for (double one : returns) {
                last.add(one);
                if (last.size() > EPISODES) {
                    last.remove();
                }
            }
            if (last.size() == EPISODES
                    && last.stream().mapToDouble(Double::doubleValue).average().orElse(0) >= SOLVED) {
                break;
            }
        }
        return curve;
    }

    private static double mean(double[] numbers) {
        return Arrays.stream(numbers).average().orElse(0);
    }
}
