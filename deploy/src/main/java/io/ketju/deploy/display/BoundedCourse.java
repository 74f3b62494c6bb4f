package io.ketju.deploy.display;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The course of any number of numbers, in bounded memory: each number while they are few, then means of 2, 4, 8... that follow one
 * another. Those that do not fill the last mean yet are left out of it.
 */
final class BoundedCourse {
    /** Even, so that they can be taken in pairs. */
    private static final int MOST = 1024;

    private final List<Double> means = new ArrayList<>();

    private int length = 1;
    private double sum;
    private int summed;

    void add(double number) {
        sum += number;
        summed++;
        if (summed < length) {
            return;
        }
        means.add(sum / length);
        sum = 0;
        summed = 0;
        if (means.size() == MOST) {
            halve();
        }
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            means.set(i, (means.get(2 * i) + means.get(2 * i + 1)) / 2);
        }
        means.subList(MOST / 2, MOST).clear();
        length *= 2;
    }

    /** Fewer than 1024, in order. */
    List<Double> numbers() {
        return Collections.unmodifiableList(means);
    }
}
