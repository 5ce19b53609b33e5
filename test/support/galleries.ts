/**
 * Galleries of examples by five authors whose scripts no other test runs, and the packages that they need. Left out are scripts that
 * need the network, or a long time.
 */
import { scriptsIn } from './scripts.ts';

export const galleryPackages = [
  'numpy==2.4.6',
  'pandas==3.1.1',
  'matplotlib==3.11.2',
  'scikit-learn==1.9.1',
  'mpltern==1.0.5',
  'pvlib==0.16.1',
  'pvanalytics==0.2.2',
  'fastcan==0.6.0',
  'hidimstat==0.4.0',
  'hyperspy==2.5.0',
];

export const galleries = [
  {
    project: 'mpltern',
    file: 'mpltern-1.0.5.tar.gz',
    sha256: '86f60a883d64d0de0e9af044fb4f7b7d5d1025fdef54e631c1c2691c60f4b2f6',
    members: [
      'examples/intermediate/01.style_sheets.py',
      'examples/limits/00.triangular_limits.py',
      'examples/limits/01.hexagonal_limits.py',
      'examples/miscellaneous/00.logos.py',
      'examples/statistics/hexbin.py',
      'examples/statistics/tribin.py',
      'examples/transforms/00.cartesian.py',
    ],
  },
  {
    project: 'pvlib',
    file: 'pvlib-0.16.1.tar.gz',
    sha256: '58c435f93be516bcedf53dc3a49b2079e9e00af373f5c052cb7cf8d2b973ce62',
    members: [
      'docs/examples/adr-pvarray/plot_fit_to_matrix.py',
      'docs/examples/adr-pvarray/plot_simulate_system.py',
      'docs/examples/agrivoltaics/plot_agrivoltaics_ground_irradiance.py',
      'docs/examples/agrivoltaics/plot_diffuse_PAR_Spitters_relationship.py',
      'docs/examples/bifacial/plot_irradiance_nonuniformity_loss.py',
      'docs/examples/floating-pv/plot_floating_pv_cell_temperature.py',
      'docs/examples/irradiance-decomposition/plot_diffuse_fraction.py',
      'docs/examples/irradiance-transposition/plot_ghi_transposition.py',
      'docs/examples/irradiance-transposition/plot_interval_transposition_error.py',
      'docs/examples/irradiance-transposition/plot_mixed_orientation.py',
      'docs/examples/irradiance-transposition/plot_rtranpose_limitations.py',
    ],
  },
  {
    project: 'pvanalytics',
    file: 'pvanalytics-0.2.2.tar.gz',
    sha256: '38d786244c6081478bccddc34bf32bcdcd57ced8f3241b47ffca39924122fff6',
    members: [
      'docs/examples/clearsky-detection/clearsky-detection.py',
      'docs/examples/clipping/clipping.py',
      'docs/examples/gaps/stale-data.py',
      'docs/examples/irradiance-quality/component-sum-irradiance.py',
      'docs/examples/irradiance-quality/daily-insolation-limits-irradiance.py',
      'docs/examples/irradiance-quality/qcrad-consistency-irradiance.py',
      'docs/examples/irradiance-quality/qcrad-limits-irradiance.py',
      'docs/examples/metrics/performance-ratio-nrel.py',
      'docs/examples/metrics/variability-index.py',
    ],
  },
  {
    project: 'fastcan',
    file: 'fastcan-0.6.0.tar.gz',
    sha256: '11bc5f94828cba1bd983de81f05f3e3526c1322632d2994dda5b9bcef9e7e9f9',
    members: [
      'examples/plot_affinity.py',
      'examples/plot_fisher.py',
      'examples/plot_intuitive.py',
      'examples/plot_narx.py',
      'examples/plot_narx_multi.py',
    ],
  },
  {
    project: 'hidimstat',
    file: 'hidimstat-0.4.0.tar.gz',
    sha256: '4d5ada7875c0328ce334634bde22674b42201d3db647cd47f864977901841411',
    members: ['examples/plot_comparison_pdp_ale.py', 'examples/plot_conditional_vs_marginal_xor_data.py'],
  },
  {
    project: 'hyperspy',
    file: 'hyperspy-2.5.0.tar.gz',
    sha256: 'eafc7fb1c616bd571b757839fc9f69ef6ca09c7e6def89878f87a27afcb39756',
    members: [
      'examples/Markers/circles.py',
      'examples/Markers/circles_color_radius.py',
      'examples/Markers/ellipses.py',
      'examples/Markers/filled_circles.py',
      'examples/Markers/lines.py',
      'examples/Markers/making_inset_images.py',
      'examples/Markers/polygons.py',
      'examples/Markers/ragged_points.py',
      'examples/Markers/rectangles.py',
      'examples/Markers/rotation_makers.py',
    ],
  },
];

/** Below the folder of scripts. */
export const galleryScripts = scriptsIn(galleries);
