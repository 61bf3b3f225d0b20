import { adjust } from '../causal/adjust.ts';
import { aha, ahaEffects } from '../aha/aha.ts';
import { adjustment } from '../causal/back-door.ts';
import { frontDoor } from '../causal/front-door.ts';
import { clusterAnalysis, designEffect } from '../inference/clusters.ts';
import { cuped, cupedSums } from '../inference/cuped.ts';
import { multipleTesting, sampleRatio } from '../inference/multiple-testing.ts';
import { mde, plan, power, repeatedLooks, sliceSigns } from '../inference/power.ts';
import { quantileTable } from '../inference/quantile-table.ts';
import { lognormalQuantiles, quantileEffects, quantileRanks } from '../inference/quantiles.ts';
import {
  bernoulliSequence,
  confidenceSequence,
  quantileSequence,
  sequentialTypeOne,
} from '../inference/sequential.ts';
import { differenceInQ } from '../interference/difference-in-q.ts';
import { dilution, displacement, rationing, thickness } from '../interference/displacement.ts';
import { multipleRandomisation } from '../interference/multiple-randomisation.ts';
import { poolEnumeration } from '../interference/pool-enumeration.ts';
import { shadowPriceFluid, shadowPrices } from '../interference/shadow-prices.ts';
import { twoSidedMarket } from '../interference/two-sided-market.ts';
import { interleavingEfficiency } from '../interleaving/efficiency.ts';
import { teamDraft } from '../interleaving/team-draft.ts';
import { autocorrelation, carryOver } from '../switchback/carry-over.ts';
import { switchbackChain, switchbackStudy } from '../switchback/chain.ts';
import { minimaxPoints, permutationTest, switchbackHt } from '../switchback/horvitz-thompson.ts';
import type { Kind } from './kind.ts';

/** Every formula that `lab compute` can reach, by its name there. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    adjust,
    adjustment,
    aha,
    'aha-effects': ahaEffects,
    autocorrelation,
    'bernoulli-sequence': bernoulliSequence,
    'carry-over': carryOver,
    'cluster-analysis': clusterAnalysis,
    'confidence-sequence': confidenceSequence,
    cuped,
    'cuped-sums': cupedSums,
    'design-effect': designEffect,
    'difference-in-q': differenceInQ,
    dilution,
    displacement,
    'front-door': frontDoor,
    'interleaving-efficiency': interleavingEfficiency,
    'lognormal-quantiles': lognormalQuantiles,
    mde,
    'minimax-points': minimaxPoints,
    'multiple-randomisation': multipleRandomisation,
    'multiple-testing': multipleTesting,
    'permutation-test': permutationTest,
    plan,
    'pool-enumeration': poolEnumeration,
    power,
    'quantile-effects': quantileEffects,
    'quantile-ranks': quantileRanks,
    'quantile-sequence': quantileSequence,
    quantiles: quantileTable,
    rationing,
    'repeated-looks': repeatedLooks,
    'sequential-type-one': sequentialTypeOne,
    'shadow-price-fluid': shadowPriceFluid,
    'shadow-prices': shadowPrices,
    'slice-signs': sliceSigns,
    srm: sampleRatio,
    'switchback-chain': switchbackChain,
    'switchback-ht': switchbackHt,
    'switchback-study': switchbackStudy,
    'team-draft': teamDraft,
    thickness,
    'two-sided-market': twoSidedMarket,
  }),
);
