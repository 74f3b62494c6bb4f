package io.ketju.site;

import java.nio.file.Path;

/**
 * A type that programs may use.
 *
 * @param room its package
 * @param name with those around it, as it is written: {@code Outer.Inner}
 * @param kind {@code class}, {@code record}, ...
 * @param summary first sentence of its Javadoc, as Markdown
 * @param source path in the repository
 */
record PublicType(String room, String name, String kind, String summary, Path source) {}
