package io.dfc.bench.report;

import io.dfc.bench.reproduce.Claim;

import java.util.List;

/** What the paper says of a figure, and what a run says. */
public final class ClaimsTable {
    private ClaimsTable() {}

    /**
     * Lays claims out.
     *
     * @param head heading
     * @param claims the claims
     * @return the text, each line ended
     */
    public static String of(String head, List<Claim> claims) {
        StringBuilder text = new StringBuilder(head).append('\n');
        for (Claim claim : claims) {
            text.append("  paper  ").append(claim.statement()).append('\n');
            text.append(claim.holds() ? "  run    yes: " : "  run    no: ")
                    .append(claim.found())
                    .append('\n');
        }
        return text.toString();
    }
}
