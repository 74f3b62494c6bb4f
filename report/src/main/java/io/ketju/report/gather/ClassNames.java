package io.ketju.report.gather;

import io.ketju.data.Dataset;
import java.util.List;
import java.util.stream.IntStream;

/** What classes are called: their numbers where they have no names. */
final class ClassNames {
    private ClassNames() {}

    static List<String> of(Dataset data) {
        return data.classNames().size() == data.classes()
                ? data.classNames()
                : IntStream.range(0, data.classes()).mapToObj(Integer::toString).toList();
    }
}
