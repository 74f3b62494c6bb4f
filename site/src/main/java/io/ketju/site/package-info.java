/**
 * The documentation site, from the Markdown of the repository: {@link io.ketju.site.Site} knows the pages, {@link
 * io.ketju.site.ApiPages} makes those of the public types, {@link io.ketju.site.Links} knows where links lead, {@link
 * io.ketju.site.SearchIndex} what is found. No page needs any other host.
 */
@NullMarked
package io.ketju.site;

import org.jspecify.annotations.NullMarked;
