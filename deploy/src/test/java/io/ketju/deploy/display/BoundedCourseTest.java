package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedCourseTest {
    @Test
    void fewNumbersAreKeptAsTheyAre() {
        assertThat(of(IntStream.range(0, 1023).asDoubleStream()).numbers())
                .isEqualTo(IntStream.range(0, 1023).asDoubleStream().boxed().toList());
    }

    @Test
    void manyBecomeMeansOfNeighbours() {
        BoundedCourse course = of(IntStream.range(0, 10_000_000).asDoubleStream());
        assertThat(course.numbers()).hasSizeBetween(512, 1023).isSorted();
        int length = 16_384;
        for (int i = 0; i < course.numbers().size(); i++) {
            assertThat(course.numbers().get(i)).isEqualTo(i * (double) length + (length - 1) / 2.0);
        }
    }

    @Test
    void whatIsNotANumberSpoilsItsOwnMeanOnly() {
        BoundedCourse course = of(IntStream.range(0, 1024).mapToDouble(i -> i == 5 ? Double.NaN : 1));
        assertThat(course.numbers()).hasSize(512);
        assertThat(course.numbers().get(2)).isNaN();
        assertThat(course.numbers().stream().filter(mean -> mean == 1)).hasSize(511);
    }

    private static BoundedCourse of(DoubleStream numbers) {
        BoundedCourse course = new BoundedCourse();
        numbers.forEach(course::add);
        return course;
    }
}
